#pragma once

namespace leat::cli {

/// From now on a program that the system gives no more memory, or no thread, or whose engine can
/// neither write nor undo what it wrote, nor clear away what it got no memory for, says so and ends
/// with the exit code of a step that failed.
/// Nothing is cleared away: a kill is what every run is made for, and the next one goes on.
void tell_sudden_ends();

}  // namespace leat::cli
