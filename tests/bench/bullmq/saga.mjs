// The benchmark's saga in BullMQ: four queues, each served by a process of its own, which adds the
// job of the next queue and then completes its own. As fast as BullMQ gets here: jobs leave Redis
// when they are done, workers run many jobs at once, commands are pipelined.
//
//   node saga.mjs work PORT STEP
//   node saga.mjs drive PORT COUNT IN_FLIGHT PER_SECOND   (PER_SECOND 0: closed loop)
//
// `drive` prints one JSON object.

import { Queue, QueueEvents, Worker } from "bullmq";
import IORedis from "ioredis";

const LAST_STEP = 4;
const CONCURRENCY = 256;
const [, , role, port, ...rest] = process.argv;

const connect = () =>
  new IORedis({
    host: "127.0.0.1",
    port: Number(port),
    maxRetriesPerRequest: null,
    enableAutoPipelining: process.env.BULLMQ_NO_AUTOPIPELINING === undefined,
  });

// Retries as our steps have them; nothing is kept of a finished job.
const jobOptions = {
  attempts: 8,
  backoff: { type: "exponential", delay: 50 },
  removeOnComplete: true,
};
const queueOf = (step) =>
  new Queue(`step${step}`, { connection: connect(), defaultJobOptions: jobOptions });

const nowNs = () => Number(process.hrtime.bigint());

async function work(step) {
  const next = step < LAST_STEP ? queueOf(step + 1) : null;
  const worker = new Worker(
    `step${step}`,
    async (job) => {
      const baton = { ...job.data, steps: job.data.steps + 1 };
      if (next !== null) await next.add("baton", baton);
      return { startedNs: baton.startedNs };
    },
    {
      connection: connect(),
      concurrency: CONCURRENCY,
      removeOnComplete: { count: 0 },
      drainDelay: 1,
    },
  );
  worker.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  await worker.waitUntilReady();
}

const quantile = (sorted, rank) => sorted[Math.min(sorted.length - 1, Math.floor(rank * sorted.length))];

async function drive(count, inFlight, perSecond) {
  const first = queueOf(1);
  const events = new QueueEvents(`step${LAST_STEP}`, { connection: connect() });
  await Promise.all([first.waitUntilReady(), events.waitUntilReady()]);
  const load = "x".repeat(256);
  const latenciesMs = [];
  let started = 0;
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const start = () => {
    started += 1;
    const baton = { name: `batons/${started}`, steps: 0, load, startedNs: nowNs() };
    first.add("baton", baton).catch((error) => {
      console.error(error);
      process.exit(1);
    });
  };
  events.on("completed", ({ returnvalue }) => {
    latenciesMs.push((nowNs() - returnvalue.startedNs) / 1e6);
    if (latenciesMs.length === count) finish();
    else if (perSecond === 0 && started < count) start();
  });

  const begin = nowNs();
  if (perSecond === 0) {
    while (started < Math.min(inFlight, count)) start();
  } else {
    const timer = setInterval(() => {
      const due = Math.min(count, Math.floor(((nowNs() - begin) / 1e9) * perSecond) + 1);
      while (started < due) start();
      if (started === count) clearInterval(timer);
    }, 1);
  }
  await finished;
  const seconds = (nowNs() - begin) / 1e9;
  latenciesMs.sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      per_second: count / seconds,
      p50_ms: quantile(latenciesMs, 0.5),
      p99_ms: quantile(latenciesMs, 0.99),
    }),
  );
  process.exit(0);
}

if (role === "work") await work(Number(rest[0]));
else await drive(...rest.map(Number));
