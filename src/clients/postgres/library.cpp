#include "clients/postgres/library.hpp"

#include "base/shared_library.hpp"

namespace leat::postgres {
namespace {

Status find_connecting(const SharedLibrary& file, Library& pq) {
  TRY(file.find("PQconnectdbParams", pq.connectdbParams));
  TRY(file.find("PQfinish", pq.finish));
  TRY(file.find("PQstatus", pq.status));
  TRY(file.find("PQtransactionStatus", pq.transactionStatus));
  TRY(file.find("PQerrorMessage", pq.errorMessage));
  TRY(file.find("PQsocket", pq.socket));
  TRY(file.find("PQserverVersion", pq.serverVersion));
  TRY(file.find("PQsetNoticeProcessor", pq.setNoticeProcessor));
  TRY(file.find("PQgetCancel", pq.getCancel));
  TRY(file.find("PQcancel", pq.cancel));
  return file.find("PQfreeCancel", pq.freeCancel);
}

Status find_results(const SharedLibrary& file, Library& pq) {
  TRY(file.find("PQexec", pq.exec));
  TRY(file.find("PQexecParams", pq.execParams));
  TRY(file.find("PQprepare", pq.prepare));
  TRY(file.find("PQdescribePrepared", pq.describePrepared));
  TRY(file.find("PQresultStatus", pq.resultStatus));
  TRY(file.find("PQresultErrorField", pq.resultErrorField));
  TRY(file.find("PQntuples", pq.ntuples));
  TRY(file.find("PQnfields", pq.nfields));
  TRY(file.find("PQfname", pq.fname));
  TRY(file.find("PQftype", pq.ftype));
  TRY(file.find("PQfmod", pq.fmod));
  TRY(file.find("PQgetvalue", pq.getvalue));
  TRY(file.find("PQgetlength", pq.getlength));
  TRY(file.find("PQgetisnull", pq.getisnull));
  TRY(file.find("PQcmdStatus", pq.cmdStatus));
  TRY(file.find("PQcmdTuples", pq.cmdTuples));
  return file.find("PQclear", pq.clear);
}

Status find_copying(const SharedLibrary& file, Library& pq) {
  TRY(file.find("PQputCopyData", pq.putCopyData));
  TRY(file.find("PQputCopyEnd", pq.putCopyEnd));
  TRY(file.find("PQgetCopyData", pq.getCopyData));
  TRY(file.find("PQgetResult", pq.getResult));
  TRY(file.find("PQconsumeInput", pq.consumeInput));
  return file.find("PQfreemem", pq.freemem);
}

Result<Library> load() {
  TRY(const auto file,
      SharedLibrary::load({"libpq.so.5", "PostgreSQL's client library", "libpq5"}));
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
