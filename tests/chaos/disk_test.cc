// Item 6: the disk under Redis fills up. deploy/redis/disk-guard runs beside it.

#include <sys/mount.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include <gtest/gtest.h>

#include "chaos/fault_plan.h"
#include "chaos/house_under_load.h"
#include "chaos/recovery.h"
#include "chassis/redis/blocking_connection.h"
#include "support/child_process.h"
#include "support/temporary_folder.h"

namespace fuju::chaos {
namespace {

constexpr int kDiskMib = 96;
constexpr int kReserveMib = 32;

// A small file system of its own, as long as this lives.
class SmallDisk {
 public:
  SmallDisk() {
    mounted_ = mount("chaos", folder_.path().c_str(), "tmpfs", 0,
                     absl::StrCat("size=", kDiskMib, "m").c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::string& path() const { return folder_.path(); }

  // Takes space until `free_mib` are left.
  void FillTo(int free_mib) {
    const auto space = std::filesystem::space(path());
    const int64_t bytes = static_cast<int64_t>(space.available) - (int64_t{free_mib} << 20);
    ASSERT_GT(bytes, 0);
    std::ofstream(path() + "/filling") << std::string(static_cast<size_t>(bytes), 'x');
  }
  void Empty() { std::filesystem::remove(path() + "/filling"); }

 private:
  test_support::TemporaryFolder folder_;
  bool mounted_ = false;
};

TEST(DiskTest, AFullDiskRefusesWritesAndNotReadsUntilThereIsRoom) {
  SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small file system takes root";
  const auto house =
      HouseUnderLoad::Start({.instances = 1, .redis_arguments = {"--dir", disk.path()}});
  ASSERT_NE(house, nullptr);
  const chassis::redis::Endpoint redis = house->cluster().redis_endpoint();
  auto guard = test_support::ChildProcess::Start(
      {"env", absl::StrCat("REDISCLI_AUTH=", redis.password), "DISK_GUARD_PERIOD=0.1",
       absl::StrCat("REDIS_CLI=redis-cli -p ", redis.port, " --user ", redis.user),
       "deploy/redis/disk-guard", disk.path(), absl::StrCat(kReserveMib * 1024)},
      absl::StrCat(house->folder(), "/disk-guard.log"));
  ASSERT_TRUE(guard.ok()) << guard.status();
  const Recovery recovery(*house);

  disk.FillTo(kReserveMib / 2);
  LetPass(absl::Seconds(1));
  const int64_t before = house->acknowledged();
  LetPass(absl::Seconds(3));
  EXPECT_EQ(house->acknowledged(), before) << "writes on a full disk";
  EXPECT_TRUE(recovery.ReadsAnswer()) << "reads end when the disk is full";
  chassis::redis::BlockingConnection connection(redis);
  const auto refused = connection.Call({"SET", "chaos", "x"}, absl::Seconds(1));
  EXPECT_TRUE(absl::IsUnavailable(refused.status())) << refused.status();
  EXPECT_TRUE(absl::StrContains(refused.status().message(), "OOM")) << refused.status();

  disk.Empty();
  const absl::Duration took = recovery.Await(absl::Seconds(30));
  EXPECT_LE(took, absl::Seconds(5));
  house->AwaitProgress(10);
  house->Finish(absl::StrFormat("disk full for 4 s, recovery %.2f s", absl::ToDoubleSeconds(took)));
}

}  // namespace
}  // namespace fuju::chaos
