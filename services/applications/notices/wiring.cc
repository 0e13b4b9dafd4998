#include "applications/notices/wiring.h"

#include "absl/strings/string_view.h"

#include "applications/notices/letter_provider.h"
#include "applications/notices/notice_reactions.h"
#include "applications/notices/notice_sender.h"
#include "applications/notices/webhook_provider.h"

namespace fuju::applications {
namespace {

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

}  // namespace

chassis::AggregateKind<NoticeRecord> NoticeKind(NoticeMetrics* metrics) {
  return {
      .kind = "notice",
      .name = [](std::string_view id) { return NoticeNameOf(View(id)); },
      .route = [](std::string_view id) { return NoticeRouteOf(View(id)); },
      .footprint = [](std::string_view id,
                      const NoticeRecord& record) { return NoticeFootprintOf(View(id), record); },
      .on_change = [metrics](const NoticeRecord& before,
                             const NoticeRecord& after) { metrics->Count(before, after); },
  };
}

Notices::Notices(const Wiring* applications, const vocabulary::RegionTable* regions,
                 const NoticeSettings* settings, prometheus::Registry& registry)
    : applications_(applications),
      settings_(settings),
      metrics_(registry),
      store_(applications->store().raw(), NoticeKind(&metrics_)) {
  if (settings->webhook.has_value()) {
    phones_ = std::make_unique<WebhookProvider>(*settings->webhook, &applications->clock());
  }
  if (!settings->letter_dir.empty()) {
    letters_ = std::make_unique<LetterProvider>(settings->letter_dir);
  }
  sender_ = std::make_unique<NoticeSender>(
      NoticeSender::Parts{
          .notices = &store_,
          .applications = &applications->store(),
          .texts = &settings->texts,
          .regions = regions,
          .policy = settings->policy,
          .phones = phones_.get(),
          .letters = letters_.get(),
      },
      settings->senders);
}

Notices::~Notices() = default;

void Notices::React(chassis::Reactions& reactions, chassis::TimerHandlers& timers) const {
  AddNoticeReactions(reactions, {.applications = &applications_->store(),
                                 .notices = &store_,
                                 .texts = &settings_->texts,
                                 .policy = settings_->policy});
  timers.On(store_.kind().kind, [sender = sender_.get()](const chassis::DueTimer& timer,
                                                         const chassis::ReactionDone& done) {
    sender->Offer(timer.id);
    // It stays due until the attempt is committed, and is offered again until then.
    done(absl::OkStatus());
  });
}

void Notices::Stop() { sender_->Stop(); }

}  // namespace fuju::applications
