#include "io/lock_holder.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>

namespace leat::io {
namespace {

/// "1: FLOCK  ADVISORY  WRITE 4711 08:01:1835023 0 EOF" names the process and the inode.
std::string process_holding(ino_t inode) {
  std::ifstream locks("/proc/locks");
  const std::string suffix = ":" + std::to_string(inode);
  std::string line;
  while (std::getline(locks, line)) {
    std::istringstream fields(line);
    std::string number, kind, mode, access, process, file;
    fields >> number >> kind >> mode >> access >> process >> file;
    if (kind == "FLOCK" && file.ends_with(suffix)) return process;
  }
  return "";
}

std::string command_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

Error busy_error(const std::filesystem::path& path) {
  Error error = Error(Fault::external, "somebody else holds " + path.string())
                    .busy()
                    .hint("wait until it is done and run again");
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return error;
  const std::string process = process_holding(found.st_ino);
  if (process.empty()) return error;
  const std::string command = command_of(process);
  return std::move(error).with("holder", process + (command.empty() ? "" : " (" + command + ")"));
}

}  // namespace leat::io
