#include "chassis/rpc/upload_stream.h"

#include "chassis/values/refusal.h"

namespace fuju::chassis::internal {

absl::Status UploadIdle() {
  return Refusal(absl::StatusCode::kDeadlineExceeded, "UPLOAD_IDLE",
                 "长时间没有收到数据，连接已结束，可以续传",
                 "nothing was sent for too long; go on with a new stream");
}

absl::Status NothingUploaded() {
  return InvalidFields().Field("", "没有收到任何消息", "no message was sent").Build();
}

}  // namespace fuju::chassis::internal
