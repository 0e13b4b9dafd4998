#pragma once

#include "bench/figures.h"
#include "bench/stage.h"

namespace fuju::bench {

// The figures by what they have in common; each group starts what it needs and ends it.

// submit_qps, noop_qps, echo_qps, submit_vs_noop, server_cpu_us_per_submit
void MeasureSubmits(Stage& stage, Figures& figures);
// always_vs_everysec
void MeasureFsync(Stage& stage, Figures& figures);
// rss_mib, start_ms
void MeasureStart(Stage& stage, Figures& figures);

}  // namespace fuju::bench
