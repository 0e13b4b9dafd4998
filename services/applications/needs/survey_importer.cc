#include "applications/needs/survey_importer.h"

#include <utility>

#include "applications/needs/survey_session.h"
#include "applications/needs/wiring.h"
#include "chassis/values/refusal.h"

namespace fuju::applications {
namespace {

absl::Status TooMany(int most) {
  constexpr absl::Duration kDelay = absl::Seconds(5);
  return chassis::Refusal(absl::StatusCode::kResourceExhausted, "OVERLOADED",
                          absl::StrCat("已有", most, "个文件正在导入，请稍后重试"),
                          absl::StrCat(most, " files are being imported; repeat later"))
      .RetryAfter(kDelay);
}

// Of an upload that was refused.
class NoSession final : public SurveySink {
 public:
  void OnMessage(v1::UploadNeedsSurveyRequest) override {}
  void OnEnd() override {}
};

}  // namespace

std::shared_ptr<SurveySink> SurveyImporter::Open(const chassis::CallInfo& call,
                                                 v1::UploadNeedsSurveyRequest first,
                                                 std::shared_ptr<SurveyFeed> feed) {
  const int most = needs_->settings().imports_at_once;
  // Given back when the session goes.
  auto place = std::shared_ptr<void>(nullptr, [open = open_](void*) { --*open; });
  if (++*open_ > most) {
    feed->End(TooMany(most));
    return std::make_shared<NoSession>();
  }
  auto session =
      std::make_shared<SurveySession>(needs_, &thread_, call, std::move(feed), std::move(place));
  session->Start(std::move(first));
  return session;
}

}  // namespace fuju::applications
