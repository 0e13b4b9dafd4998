#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include <grpcpp/grpcpp.h>

#include "catalogue/ledger/batch_maker.h"
#include "catalogue/ledger/ledger_settings.h"
#include "catalogue/ledger/statement_reader.h"
#include "catalogue/wiring.h"
#include "chassis/rpc/call.h"
#include "fuju/catalogue/v1/ledger_service.grpc.pb.h"
#include "vocabulary/region.h"
#include "vocabulary/ulid.h"

namespace fuju::catalogue {

// The gRPC edge of the ledger: checks the shape (the gate), maps in, calls, maps out. Thread-safe.
class LedgerService final : public v1::LedgerService::CallbackService {
 public:
  // What is passed outlives this.
  LedgerService(chassis::CallGate* gate, const CatalogueStores* stores,
                const vocabulary::RegionTable* regions, LedgerSettings settings);

  grpc::ServerUnaryReactor* Appropriate(grpc::CallbackServerContext* context,
                                        const v1::AppropriateRequest* request,
                                        v1::Book* response) override;
  grpc::ServerUnaryReactor* GetBook(grpc::CallbackServerContext* context,
                                    const v1::GetBookRequest* request, v1::Book* response) override;
  grpc::ServerUnaryReactor* CreateAllotment(grpc::CallbackServerContext* context,
                                            const v1::CreateAllotmentRequest* request,
                                            v1::Allotment* response) override;
  grpc::ServerUnaryReactor* GetAllotment(grpc::CallbackServerContext* context,
                                         const v1::GetAllotmentRequest* request,
                                         v1::Allotment* response) override;
  grpc::ServerUnaryReactor* ReverseTransfer(grpc::CallbackServerContext* context,
                                            const v1::ReverseTransferRequest* request,
                                            v1::Book* response) override;
  grpc::ServerUnaryReactor* CreatePaymentBatch(grpc::CallbackServerContext* context,
                                               const v1::CreatePaymentBatchRequest* request,
                                               v1::PaymentBatchFile* response) override;
  grpc::ServerUnaryReactor* GetPaymentBatchFile(grpc::CallbackServerContext* context,
                                                const v1::GetPaymentBatchFileRequest* request,
                                                v1::PaymentBatchFile* response) override;
  grpc::ServerUnaryReactor* GetPaymentBatch(grpc::CallbackServerContext* context,
                                            const v1::GetPaymentBatchRequest* request,
                                            v1::PaymentBatch* response) override;
  grpc::ServerUnaryReactor* ListPaymentBatches(grpc::CallbackServerContext* context,
                                               const v1::ListPaymentBatchesRequest* request,
                                               v1::ListPaymentBatchesResponse* response) override;
  grpc::ServerUnaryReactor* ImportPaymentResult(grpc::CallbackServerContext* context,
                                                const v1::ImportPaymentResultRequest* request,
                                                v1::PaymentBatch* response) override;
  grpc::ServerUnaryReactor* CloseFiscalYear(grpc::CallbackServerContext* context,
                                            const v1::CloseFiscalYearRequest* request,
                                            v1::Book* response) override;
  grpc::ServerUnaryReactor* GetStatement(grpc::CallbackServerContext* context,
                                         const v1::GetStatementRequest* request,
                                         v1::Statement* response) override;
  grpc::ServerUnaryReactor* GetTrialBalance(grpc::CallbackServerContext* context,
                                            const v1::GetTrialBalanceRequest* request,
                                            v1::TrialBalance* response) override;

 private:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;
  using Batch = chassis::Versioned<storage::v1::PaymentBatchRecord>;

  absl::StatusOr<std::string> NewId(const std::string& area);
  void ReadBook(const BookKey& book, absl::Time deadline, Done<v1::Book> done) const;
  // Changes a book, then reads it.
  void ChangeBook(const BookKey& book, chassis::Command command,
                  chassis::AggregateStore<storage::v1::BookRecord>::Decide decide,
                  Done<v1::Book> done) const;
  void Close(const BookKey& book, chassis::Command command, int attempt, Done<v1::Book> done) const;
  // NOT_FOUND if there is none.
  void FindBatch(const std::string& name, absl::Time deadline, Done<v1::PaymentBatch> done) const;

  chassis::CallGate* const gate_;
  const CatalogueStores* const stores_;
  const LedgerSettings settings_;
  const BatchMaker batches_;
  const StatementReader statements_;
  vocabulary::UlidGenerator ids_;
};

}  // namespace fuju::catalogue
