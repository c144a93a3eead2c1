#pragma once

namespace leat::cli {

/// From now on a program that the system gives no more memory, or no thread, says so and ends with
/// the exit code of a step that failed. Nothing is cleared away: a kill is what every run is made
/// for, and the next one goes on.
void end_without_memory();

}  // namespace leat::cli
