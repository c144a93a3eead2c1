#include "cli/program.hpp"

#include <fcntl.h>
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

}  // namespace

int complete_command(const Arguments& arguments) {
  for (const auto& word : app::complete(arguments.project, arguments.targets.front())) print(word);
  return 0;
}

int run_program(int argc, char** argv) {
  tell_sudden_ends();
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
