#include "scenario/founding.h"

#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "vocabulary/csv.h"

namespace fuju::scenario {
namespace {

namespace cv1 = fuju::catalogue::v1;
namespace dv1 = fuju::dispatch::v1;
namespace fv1 = fuju::fitting::v1;
using Catalogue = cv1::CatalogueService::Stub;
using Dispatch = dv1::DispatchService::Stub;
using Fitting = fv1::FittingService::Stub;
using vocabulary::CsvTable;

constexpr char kProvince[] = "province:demo";
constexpr char kSecondOfProvince[] = "province:demo-2";
constexpr char kCatalogueLabel[] = "gansu-example-2026";
// 阿克塞: the smallest county; it gets less than any device costs.
constexpr char kPoorCounty[] = "620924";
constexpr int64_t kPoorBudgetFen = 100;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  return std::string(std::istreambuf_iterator<char>(in), {});
}

absl::StatusOr<CsvTable> ReadTable(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) return text.status();
  return CsvTable::Parse(*text);
}

std::string Text(const vocabulary::CsvRow& row, absl::string_view column) {
  const auto field = row.Field(column);
  return field.ok() ? std::string(*field) : std::string();
}

int64_t Number(const vocabulary::CsvRow& row, absl::string_view column) {
  int64_t value = 0;
  return absl::SimpleAtoi(Text(row, column), &value) ? value : 0;
}

// What an earlier run of the same deployment made is as good.
absl::Status KeepExisting(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAlreadyExists ? absl::OkStatus() : status;
}

// Imported by one person, published by another. An earlier run may have come as far as the draft.
absl::Status PublishCatalogue(World& world, const std::string& data_dir, int fiscal_year) {
  auto items = ReadFile(absl::StrCat(data_dir, "/catalogue.csv"));
  if (!items.ok()) return items.status();
  auto policy = ReadFile(absl::StrCat(data_dir, "/policy.json"));
  if (!policy.ok()) return policy.status();
  cv1::ImportCatalogueRequest import;
  import.set_version(kCatalogueLabel);
  import.set_csv(*std::move(items));
  import.set_policy_json(*std::move(policy));
  import.set_request_id(NewRequestId());
  const auto draft = world.calls("ImportCatalogue", *world.stubs.catalogue,
                                 &Catalogue::ImportCatalogue, import, kProvince);
  if (absl::Status status = KeepExisting(draft.status()); !status.ok()) return status;
  cv1::GetCatalogueVersionRequest get;
  get.set_name(absl::StrCat("catalogueVersions/", kCatalogueLabel));
  const auto version = world.calls("GetCatalogueVersion", *world.stubs.catalogue,
                                   &Catalogue::GetCatalogueVersion, get, kProvince);
  if (!version.ok() || version->state() != cv1::CATALOGUE_STATE_DRAFT) return version.status();
  cv1::PublishCatalogueRequest publish;
  publish.set_name(get.name());
  publish.set_effective_date(absl::StrCat(fiscal_year, "-01-01"));
  publish.set_request_id(NewRequestId());
  return world
      .calls("PublishCatalogue", *world.stubs.catalogue, &Catalogue::PublishCatalogue, publish,
             kSecondOfProvince)
      .status();
}

absl::Status ReadItems(World& world) {
  cv1::ListItemsRequest list;
  list.set_page_size(200);
  // Another instance than the one that published hears of it a moment later.
  int patience = 100;
  do {
    const auto page =
        world.calls("ListItems", *world.stubs.catalogue, &Catalogue::ListItems, list, kProvince);
    if (page.status().code() == absl::StatusCode::kFailedPrecondition && patience-- > 0 &&
        !world.stop.WaitForNotificationWithTimeout(absl::Milliseconds(50))) {
      continue;
    }
    if (!page.ok()) return page.status();
    world.items.insert(world.items.end(), page->items().begin(), page->items().end());
    list.set_page_token(page->next_page_token());
  } while (world.items.empty() || !list.page_token().empty());
  return absl::OkStatus();
}

absl::Status AllocateBudgets(World& world, const std::string& data_dir, int fiscal_year) {
  const auto table = ReadTable(absl::StrCat(data_dir, "/budgets.csv"));
  if (!table.ok()) return table.status();
  world.poor_county = kPoorCounty;
  for (const auto& row : table->rows()) {
    if (Number(row, "fiscal_year") != fiscal_year) continue;
    const std::string county = Text(row, "county_code");
    cv1::AllocateBudgetRequest request;
    request.set_county_code(county);
    request.set_fiscal_year(fiscal_year);
    request.set_amount_fen(county == kPoorCounty ? kPoorBudgetFen : Number(row, "allocated_fen"));
    // The same for every run, so that a deployment that is kept is not given its money twice.
    request.set_request_id(absl::StrCat("founding-", county, "-", fiscal_year));
    const auto budget = world.calls("AllocateBudget", *world.stubs.catalogue,
                                    &Catalogue::AllocateBudget, request, kProvince);
    if (!budget.ok()) return budget.status();
    if (county != kPoorCounty) world.counties.push_back(county);
  }
  if (world.counties.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("budgets.csv has no rows of the fiscal year ", fiscal_year));
  }
  return absl::OkStatus();
}

absl::Status RegisterTechnicians(World& world, const std::string& vendor, int64_t count) {
  for (int64_t i = 1; i <= count; ++i) {
    fv1::RegisterTechnicianRequest request;
    request.set_parent(vendor);
    request.mutable_technician()->set_staff_number(absl::StrCat("T", i));
    for (int weekday = 1; weekday <= 6; ++weekday) {
      auto& morning = *request.mutable_technician()->add_working_hours();
      morning.set_weekday(weekday);
      morning.set_start_minute(8 * 60 + 30);
      morning.set_end_minute(12 * 60);
      auto& afternoon = *request.mutable_technician()->add_working_hours();
      afternoon.set_weekday(weekday);
      afternoon.set_start_minute(14 * 60);
      afternoon.set_end_minute(18 * 60);
    }
    request.set_request_id(NewRequestId());
    const auto technician = world.calls("RegisterTechnician", *world.stubs.fitting,
                                        &Fitting::RegisterTechnician, request, kProvince);
    if (absl::Status status = KeepExisting(technician.status()); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RegisterVendors(World& world, const std::string& data_dir) {
  const auto table = ReadTable(absl::StrCat(data_dir, "/vendors.csv"));
  if (!table.ok()) return table.status();
  for (const auto& row : table->rows()) {
    dv1::RegisterVendorRequest request;
    dv1::Vendor& vendor = *request.mutable_vendor();
    vendor.set_uscc(Text(row, "uscc"));
    vendor.set_name_zh(Text(row, "name_zh"));
    vendor.set_county_code(Text(row, "county_code"));
    for (const auto county : absl::StrSplit(Text(row, "service_counties"), '|')) {
      vendor.add_service_counties(std::string(county));
    }
    for (const auto device_class : absl::StrSplit(Text(row, "device_classes"), '|')) {
      vendor.add_device_classes(std::string(device_class));
    }
    vendor.set_capacity(static_cast<int>(Number(row, "weekly_capacity")));
    request.set_request_id(NewRequestId());
    const auto registered = world.calls("RegisterVendor", *world.stubs.dispatch,
                                        &Dispatch::RegisterVendor, request, kProvince);
    if (absl::Status status = KeepExisting(registered.status()); !status.ok()) return status;
    const std::string name = absl::StrCat("vendors/", vendor.uscc());
    if (absl::Status status = RegisterTechnicians(world, name, Number(row, "technicians"));
        !status.ok()) {
      return status;
    }
    world.vendors.push_back(name);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status FoundDeployment(World& world, const std::string& data_dir, int fiscal_year) {
  if (absl::Status status = PublishCatalogue(world, data_dir, fiscal_year); !status.ok()) {
    return status;
  }
  if (absl::Status status = ReadItems(world); !status.ok()) return status;
  if (absl::Status status = AllocateBudgets(world, data_dir, fiscal_year); !status.ok()) {
    return status;
  }
  return RegisterVendors(world, data_dir);
}

}  // namespace fuju::scenario
