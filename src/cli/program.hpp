#pragma once

namespace leat::cli {

/// Parses the command line, carries the command out and returns the exit code:
/// 0 success, 1 a step failed, 2 usage or configuration, 3 held, 4 partial, 6 try again later,
/// 7 safety refusal, 70 bug, 130/143 interrupted.
int run_program(int argc, char** argv);

}  // namespace leat::cli
