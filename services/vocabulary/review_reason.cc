#include "vocabulary/review_reason.h"

namespace fuju::vocabulary {
namespace {

constexpr ReviewReason kReasons[] = {
    {"CERTIFICATE_INVALID", "残疾人证无效或已过期", "the disability certificate is not valid"},
    {"CERTIFICATE_NOT_MATCHING", "残疾人证的类别或等级与登记信息不符",
     "category or grade of the certificate differ from the register"},
    {"RESIDENCE_NOT_IN_AREA", "户籍或居住地不在本县（市、区）",
     "the residence is not in this county"},
    {"ECONOMIC_STATUS_UNPROVEN", "家庭经济状况缺少证明",
     "the economic status of the family is not proven"},
    {"DOCUMENT_MISSING", "缺少材料", "a document is missing"},
    {"DOCUMENT_UNREADABLE", "材料不清晰，无法辨认", "a document can not be read"},
    {"DEVICE_NOT_SUITABLE", "所申请的辅具不适合本人情况",
     "the device does not suit the person's needs"},
    {"PRICE_NOT_REASONABLE", "报价偏高，需说明或调整", "the price asked is too high"},
    {"DUPLICATE_REQUEST", "同类辅具已申请或已配发",
     "the same kind of device was requested or given"},
    {"UNDER_VERIFICATION", "情况需要核实", "something has to be verified"},
    {"OTHER", "其他原因，见说明", "another reason, see the remark"},
};

}  // namespace

absl::Span<const ReviewReason> ReviewReasons() { return kReasons; }

const ReviewReason* FindReviewReason(absl::string_view code) {
  for (const ReviewReason& reason : kReasons) {
    if (reason.code == code) return &reason;
  }
  return nullptr;
}

}  // namespace fuju::vocabulary
