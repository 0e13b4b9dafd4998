// Tells ThreadSanitizer what absl::Mutex and its kin guarantee. Debian's Abseil is not built for
// it, so without this every guarded member would be reported as a race. Linked into each program of
// the tsan preset, these definitions come before those of libabsl_synchronization, say "acquired"
// and "released", and leave the work to them.

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// The library's own function. `name` is the mangled name after the namespace; `prefix` is _ZN, or
// _ZNK for const.
template <typename Function>
Function* Real(const char* name, const char* prefix = "_ZN") {
  const std::string symbol = std::string(prefix) + "4absl7debian3" + name;
  void* const found = dlsym(RTLD_NEXT, symbol.c_str());
  if (found == nullptr) {
    std::fprintf(stderr, "tsan_abseil.cc: %s is not in this Abseil\n", symbol.c_str());
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

void* Address(const void* object) { return const_cast<void*>(object); }
void Acquired(const void* object) { __tsan_acquire(Address(object)); }
void Releasing(const void* object) { __tsan_release(Address(object)); }

// While a call waits, the library evaluates conditions, holding the mutex without our knowing.
class LibraryHoldsMutex {
 public:
  LibraryHoldsMutex() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~LibraryHoldsMutex() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
  LibraryHoldsMutex(const LibraryHoldsMutex&) = delete;
  LibraryHoldsMutex& operator=(const LibraryHoldsMutex&) = delete;
};

// Calls a function that takes or gives back the mutex inside.
template <typename Function, typename... Arguments>
auto Wait(Function* real, Arguments... arguments) {
  LibraryHoldsMutex ignore_reads;
  return real(arguments...);
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex4LockEv");
  real(this);
  Acquired(this);
}

void Mutex::Unlock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex6UnlockEv");
  Releasing(this);
  Wait(real, this);
}

bool Mutex::TryLock() {
  static auto* const real = Real<bool(Mutex*)>("5Mutex7TryLockEv");
  const bool locked = real(this);
  if (locked) Acquired(this);
  return locked;
}

void Mutex::ReaderLock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex10ReaderLockEv");
  real(this);
  Acquired(this);
}

void Mutex::ReaderUnlock() {
  static auto* const real = Real<void(Mutex*)>("5Mutex12ReaderUnlockEv");
  Releasing(this);
  Wait(real, this);
}

bool Mutex::ReaderTryLock() {
  static auto* const real = Real<bool(Mutex*)>("5Mutex13ReaderTryLockEv");
  const bool locked = real(this);
  if (locked) Acquired(this);
  return locked;
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const real =
      Real<void(Mutex*, const Condition*)>("5Mutex8LockWhenERKNS0_9ConditionE");
  Wait(real, this, &condition);
  Acquired(this);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Duration)>(
      "5Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  const bool met = Wait(real, this, &condition, timeout);
  Acquired(this);
  return met;
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Time)>(
      "5Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const bool met = Wait(real, this, &condition, deadline);
  Acquired(this);
  return met;
}

void Mutex::Await(const Condition& condition) {
  static auto* const real = Real<void(Mutex*, const Condition*)>("5Mutex5AwaitERKNS0_9ConditionE");
  Releasing(this);
  Wait(real, this, &condition);
  Acquired(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Duration)>(
      "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  Releasing(this);
  const bool met = Wait(real, this, &condition, timeout);
  Acquired(this);
  return met;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition*, Time)>(
      "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  Releasing(this);
  const bool met = Wait(real, this, &condition, deadline);
  Acquired(this);
  return met;
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const real = Real<void(CondVar*, Mutex*)>("7CondVar4WaitEPNS0_5MutexE");
  Releasing(mutex);
  ::Wait(real, this, mutex);
  Acquired(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const real = Real<bool(CondVar*, Mutex*, Duration)>(
      "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  Releasing(mutex);
  const bool timed_out = ::Wait(real, this, mutex, timeout);
  Acquired(mutex);
  return timed_out;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const real =
      Real<bool(CondVar*, Mutex*, Time)>("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  Releasing(mutex);
  const bool timed_out = ::Wait(real, this, mutex, deadline);
  Acquired(mutex);
  return timed_out;
}

// HasBeenNotified is inline: it reads the flag that stands behind the mutex, so what Notify
// releases is the flag.
namespace {
const void* Flag(const Notification* notification) {
  return reinterpret_cast<const char*>(notification) + sizeof(Mutex);
}
}  // namespace

void Notification::Notify() {
  static auto* const real = Real<void(Notification*)>("12Notification6NotifyEv");
  Releasing(Flag(this));
  real(this);
}

void Notification::WaitForNotification() const {
  static auto* const real =
      Real<void(const Notification*)>("12Notification19WaitForNotificationEv", "_ZNK");
  real(this);
  Acquired(Flag(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const real = Real<bool(const Notification*, Duration)>(
      "12Notification30WaitForNotificationWithTimeoutENS0_8DurationE", "_ZNK");
  const bool notified = real(this, timeout);
  Acquired(Flag(this));
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static auto* const real = Real<bool(const Notification*, Time)>(
      "12Notification31WaitForNotificationWithDeadlineENS0_4TimeE", "_ZNK");
  const bool notified = real(this, deadline);
  Acquired(Flag(this));
  return notified;
}

ABSL_NAMESPACE_END
}  // namespace absl
