#include "clients/postgres/library.hpp"

#include <dlfcn.h>

#include <string>

namespace leat::postgres {
namespace {

constexpr const char* kFile = "libpq.so.5";

Error missing(const std::string& what) {
  return Error(Fault::external, "PostgreSQL's client library cannot be loaded: " + what)
      .hint("install it (Debian package libpq5)");
}

template <typename Function>
Status find(void* file, const char* name, Function& out) {
  void* const found = ::dlsym(file, name);
  if (found == nullptr) return missing(std::string(kFile) + " has no " + name);
  out = reinterpret_cast<Function>(found);
  return {};
}

Status find_connecting(void* file, Library& pq) {
  TRY(find(file, "PQconnectdbParams", pq.connectdbParams));
  TRY(find(file, "PQfinish", pq.finish));
  TRY(find(file, "PQstatus", pq.status));
  TRY(find(file, "PQtransactionStatus", pq.transactionStatus));
  TRY(find(file, "PQerrorMessage", pq.errorMessage));
  TRY(find(file, "PQsocket", pq.socket));
  TRY(find(file, "PQserverVersion", pq.serverVersion));
  TRY(find(file, "PQsetNoticeProcessor", pq.setNoticeProcessor));
  TRY(find(file, "PQgetCancel", pq.getCancel));
  TRY(find(file, "PQcancel", pq.cancel));
  return find(file, "PQfreeCancel", pq.freeCancel);
}

Status find_results(void* file, Library& pq) {
  TRY(find(file, "PQexec", pq.exec));
  TRY(find(file, "PQexecParams", pq.execParams));
  TRY(find(file, "PQprepare", pq.prepare));
  TRY(find(file, "PQdescribePrepared", pq.describePrepared));
  TRY(find(file, "PQresultStatus", pq.resultStatus));
  TRY(find(file, "PQresultErrorField", pq.resultErrorField));
  TRY(find(file, "PQntuples", pq.ntuples));
  TRY(find(file, "PQnfields", pq.nfields));
  TRY(find(file, "PQfname", pq.fname));
  TRY(find(file, "PQftype", pq.ftype));
  TRY(find(file, "PQfmod", pq.fmod));
  TRY(find(file, "PQgetvalue", pq.getvalue));
  TRY(find(file, "PQgetlength", pq.getlength));
  TRY(find(file, "PQgetisnull", pq.getisnull));
  TRY(find(file, "PQcmdStatus", pq.cmdStatus));
  TRY(find(file, "PQcmdTuples", pq.cmdTuples));
  return find(file, "PQclear", pq.clear);
}

Status find_copying(void* file, Library& pq) {
  TRY(find(file, "PQputCopyData", pq.putCopyData));
  TRY(find(file, "PQputCopyEnd", pq.putCopyEnd));
  TRY(find(file, "PQgetCopyData", pq.getCopyData));
  TRY(find(file, "PQgetResult", pq.getResult));
  TRY(find(file, "PQconsumeInput", pq.consumeInput));
  return find(file, "PQfreemem", pq.freemem);
}

/// Never closed: what it has registered with the process stays valid.
Result<Library> load() {
  void* const file = ::dlopen(kFile, RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) return missing(::dlerror());
  Library pq{};
  TRY(find_connecting(file, pq));
  TRY(find_results(file, pq));
  TRY(find_copying(file, pq));
  return pq;
}

}  // namespace

Result<const Library*> library() {
  static const Result<Library> loaded = load();
  if (!loaded.ok()) return loaded.error();
  return &loaded.value();
}

}  // namespace leat::postgres
