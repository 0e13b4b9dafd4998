#pragma once

#include "bench/figures.h"
#include "bench/stage.h"

namespace fuju::bench {

// The figures by what they have in common; each group starts what it needs and ends it.

// submit_qps, noop_qps, echo_qps, submit_vs_noop, server_cpu_us_per_submit
void MeasureSubmits(Stage& stage, Figures& figures);
// always_vs_everysec
void MeasureFsync(Stage& stage, Figures& figures);
// raw_commit_qps, reaction_eps, reaction_vs_raw
void MeasureReactions(Stage& stage, Figures& figures);
// saga_per_s, saga_p50_ms, saga_p99_ms, bullmq_..., their ratios
void MeasureSagas(Stage& stage, Figures& figures);
// first_event_ms
void MeasureFirstEvent(Stage& stage, Figures& figures);
// rss_mib, start_ms
void MeasureStart(Stage& stage, Figures& figures);

// redis_bytes_per_application
void MeasureMemory(Stage& stage, Figures& figures);
// flat_submit, flat_list
void MeasureFlatness(Stage& stage, Figures& figures);
// goodput_vs_peak
void MeasureOverload(Stage& stage, Figures& figures);

}  // namespace fuju::bench
