#include "cli/program.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <system_error>

#include "app/complete.hpp"
#include "app/trial.hpp"
#include "cli/program_app.hpp"
#include "cli/sudden_end.hpp"

namespace leat::cli {
namespace {

/// The next file that is opened gets the lowest place that is free. Where standard input is closed
/// that would be its place, and a source would read it.
void fill_standard_places() {
  for (const int place : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(place, F_GETFD) != -1) continue;
    [[maybe_unused]] const int opened =
        ::open("/dev/null", place == STDIN_FILENO ? O_WRONLY : O_RDWR);
  }
}

/// Blocks of the size of a long row go back to the system when they are freed; all others stay.
/// By itself malloc takes the largest block that was ever freed for the bound, up to 32 MB, and
/// keeps those of long rows in pieces: 128 MB of rows of 8 MB took up to 400 MB, and 307 now.
void give_long_rows_back() {
  constexpr int kLargeBytes = 4 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargeBytes);
}

}  // namespace

int complete_command(const Arguments& arguments) {
  for (const auto& word : app::complete(arguments.project, arguments.targets.front())) print(word);
  return 0;
}

int run_program(int argc, char** argv) {
  tell_sudden_ends();
  give_long_rows_back();
  fill_standard_places();
  const auto trial = app::carry_out_trial({argv, static_cast<std::size_t>(argc)});
  if (trial) return *trial;
  const int code = Program().run(argc, argv);
  const int failure = finish_printing();
  if (failure == 0) return code;
  say("error: the output could not be written: " + std::generic_category().message(failure));
  say("  hint: what the command did is done all the same; only its result is not shown");
  return code == 0 ? 1 : code;
}

}  // namespace leat::cli
