#include "scenario/books.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <google/protobuf/util/time_util.h>

#include "scenario/case_watch.h"

namespace fuju::scenario {
namespace {

namespace av1 = fuju::applications::v1;
namespace cv1 = fuju::catalogue::v1;
namespace fv1 = fuju::fitting::v1;
using Applications = av1::ApplicationsService::Stub;
using Catalogue = cv1::CatalogueService::Stub;
using Fitting = fv1::FittingService::Stub;

constexpr char kAuditor[] = "auditor:demo";

std::string StateName(av1::ApplicationState state) {
  return std::string(absl::StripPrefix(av1::ApplicationState_Name(state), "APPLICATION_STATE_"));
}

int64_t Millis(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1000 + time.nanos() / 1000000;
}

void AddApplication(const av1::Application& application, Books& books) {
  ++books.applications;
  ++books.states[StateName(application.state())];
  if (!IsFinal(application.state())) {
    constexpr size_t kNamed = 10;
    if (++books.unfinished <= static_cast<int64_t>(kNamed)) {
      books.unfinished_cases.push_back(
          absl::StrCat(application.name(), " ", StateName(application.state()), ", ",
                       application.holder().party(), ", since ",
                       google::protobuf::util::TimeUtil::ToString(application.update_time())));
    }
  }
  if (application.state() == av1::APPLICATION_STATE_CLOSED)
    books.example_closed = application.name();
  if (application.subsidy().settled()) {
    books.paid_by_applications += application.subsidy().subsidy_fen();
  }
  for (int i = 0; i + 1 < application.timeline_size(); ++i) {
    const auto& step = application.timeline(i);
    const auto& next = application.timeline(i + 1);
    books.stage_ms[StateName(step.state())].push_back(
        static_cast<double>(Millis(next.time()) - Millis(step.time())));
  }
}

// Overlaps among the visits of one technician that took or may take place.
int64_t Overlaps(std::vector<std::pair<int64_t, int64_t>> visits) {
  std::sort(visits.begin(), visits.end());
  int64_t overlaps = 0;
  int64_t latest_end = 0;
  for (const auto& [start, end] : visits) {
    if (start < latest_end) ++overlaps;
    latest_end = std::max(latest_end, end);
  }
  return overlaps;
}

}  // namespace

bool Books::balanced() const {
  return allocated == available + reserved + paid && paid == paid_by_applications &&
         (unfinished > 0 || reserved == 0);
}

absl::StatusOr<Books> ReadBooks(World& world, int fiscal_year) {
  Books books;
  std::vector<std::string> counties = world.counties;
  if (std::find(counties.begin(), counties.end(), world.poor_county) == counties.end()) {
    counties.push_back(world.poor_county);
  }
  for (const std::string& county : counties) {
    av1::ListApplicationsRequest list;
    list.set_county_code(county);
    list.set_page_size(200);
    do {
      const auto page = world.calls("ListApplications", *world.stubs.applications,
                                    &Applications::ListApplications, list, kAuditor);
      if (!page.ok()) return page.status();
      for (const auto& application : page->applications()) AddApplication(application, books);
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
  }
  cv1::ListBudgetsRequest budgets;
  budgets.set_fiscal_year(fiscal_year);
  budgets.set_page_size(200);
  do {
    const auto page = world.calls("ListBudgets", *world.stubs.catalogue, &Catalogue::ListBudgets,
                                  budgets, kAuditor);
    if (!page.ok()) return page.status();
    for (const cv1::Budget& budget : page->budgets()) {
      books.allocated += budget.allocated_fen();
      books.available += budget.available_fen();
      books.reserved += budget.reserved_fen();
      books.paid += budget.payable_fen() + budget.paid_fen();
    }
    budgets.set_page_token(page->next_page_token());
  } while (!budgets.page_token().empty());
  std::map<std::string, std::vector<std::pair<int64_t, int64_t>>> visits;
  for (const std::string& vendor : world.vendors) {
    fv1::ListOrdersRequest list;
    list.set_parent(vendor);
    list.set_page_size(200);
    do {
      const auto page =
          world.calls("ListOrders", *world.stubs.fitting, &Fitting::ListOrders, list, kAuditor);
      if (!page.ok()) return page.status();
      for (const fv1::Order& order : page->orders()) {
        ++books.orders;
        for (const fv1::Appointment& visit : order.appointments()) {
          if (visit.state() == fv1::APPOINTMENT_STATE_CANCELLED) continue;
          const int64_t start = Millis(visit.start_time());
          int64_t end = Millis(visit.end_time());
          if (visit.has_report_time()) end = std::min(end, Millis(visit.report_time()));
          if (start < end) visits[visit.technician()].emplace_back(start, end);
        }
      }
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
  }
  for (auto& [technician, booked] : visits) books.double_booked += Overlaps(std::move(booked));
  return books;
}

}  // namespace fuju::scenario
