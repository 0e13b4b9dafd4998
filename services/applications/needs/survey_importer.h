#pragma once

#include <atomic>
#include <memory>

#include "applications/needs/import_thread.h"
#include "chassis/rpc/upload_stream.h"
#include "fuju/applications/v1/needs_service.pb.h"

namespace fuju::applications {

class Needs;

using SurveyFeed = chassis::UploadFeed<v1::UploadNeedsSurveyResponse>;
using SurveySink = chassis::UploadSink<v1::UploadNeedsSurveyRequest>;

// Takes the uploads of survey files; each is a SurveySession. Thread-safe.
class SurveyImporter {
 public:
  // `needs` outlives it.
  explicit SurveyImporter(const Needs* needs) : needs_(needs) {}

  // An upload begins. RESOURCE_EXHAUSTED, OVERLOADED ends it if there are as many as may be.
  std::shared_ptr<SurveySink> Open(const chassis::CallInfo& call,
                                   v1::UploadNeedsSurveyRequest first,
                                   std::shared_ptr<SurveyFeed> feed);

  // Waits for what is on its way to Redis. What was sent and is not durable is sent again.
  void Stop() { thread_.Stop(); }

 private:
  const Needs* const needs_;
  // Uploads that are open.
  std::shared_ptr<std::atomic<int>> open_ = std::make_shared<std::atomic<int>>(0);
  ImportThread thread_;
};

}  // namespace fuju::applications
