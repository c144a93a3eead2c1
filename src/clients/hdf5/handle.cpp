#include "clients/hdf5/handle.hpp"

namespace leat::hdf5 {
namespace {

/// The library tells errors only when it is asked, in every thread.
void be_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

struct Said {
  std::string reason;
  bool wants_memory = false;
};

herr_t keep_first(unsigned number, const H5E_error2_t* error, void* to) {
  auto& said = *static_cast<Said*>(to);
  if (number == 0 && error->desc != nullptr) said.reason = error->desc;
  said.wants_memory =
      said.wants_memory || (error->maj_num == H5E_RESOURCE && error->min_num == H5E_NOSPACE);
  return 0;
}

Handle access() {
  Handle list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // Who else writes the file is found out by its size and time, as with every other file.
  H5Pset_file_locking(list.get(), false, true);
  H5Pset_fclose_degree(list.get(), H5F_CLOSE_STRONG);
  return list;
}

}  // namespace

std::unique_lock<std::recursive_mutex> use_library() {
  // What a failed write left open must not be touched at the end of the process either.
  static const herr_t without_exit = H5dont_atexit();
  static_cast<void>(without_exit);
  static std::recursive_mutex mutex;
  return std::unique_lock(mutex);
}

Error complaint(std::string what) {
  Said said;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &said);
  H5Eclear2(H5E_DEFAULT);
  if (said.wants_memory) what = "reading the HDF5 file takes more memory than there is";
  Error error(Fault::external, std::move(what));
  return said.reason.empty() ? error : std::move(error).with("reason", said.reason);
}

Result<Handle> open_file(const std::filesystem::path& path) {
  be_quiet();
  const auto list = access();
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, list.get()), H5Fclose);
  if (file.ok()) return file;
  auto error = complaint("the HDF5 file is cut off or broken");
  if (H5Fis_hdf5(path.c_str()) == 0) return Error(Fault::config, "it is no HDF5 file");
  H5Eclear2(H5E_DEFAULT);
  return std::move(error).hint("fetch it again");
}

Result<Handle> create_file(const std::filesystem::path& path) {
  be_quiet();
  const auto list = access();
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, list.get()), H5Fclose);
  if (file.ok()) return file;
  return complaint("the HDF5 file cannot be made");
}

}  // namespace leat::hdf5
