#pragma once

namespace fuju::bench {

// The parts of a measurement that run in processes of their own: `fuju-bench <role> --flag...`. A
// load prints one JSON object as its last line; a service is a chassis process with its flags.

// fuju-applications, but every load, claim and commit is answered at once from memory.
int ServeInstantApplications(int argc, char** argv);
// A unary call that answers with what it was asked.
int ServeEcho(int argc, char** argv);
// One step of a relay: takes the fact of the service before, commits, publishes its own.
int ServeStep(int argc, char** argv);

// Prepares drafts, then submits them.
int LoadSubmits(int argc, char** argv);
int LoadEcho(int argc, char** argv);
// Pages of ListApplications.
int LoadLists(int argc, char** argv);
// Starts relays and waits for their ends.
int LoadRelays(int argc, char** argv);

// Plays applications and writes what their states were on the way; no measurement.
int SampleStates(int argc, char** argv);

}  // namespace fuju::bench
