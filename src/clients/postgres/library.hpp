#pragma once

#include <libpq-fe.h>

#include "base/result.hpp"

namespace leat::postgres {

/// The functions of libpq that are used here, by their names without `PQ`.
struct Library {
  decltype(&PQconnectdbParams) connectdbParams;
  decltype(&PQfinish) finish;
  decltype(&PQstatus) status;
  decltype(&PQtransactionStatus) transactionStatus;
  decltype(&PQerrorMessage) errorMessage;
  decltype(&PQsocket) socket;
  decltype(&PQserverVersion) serverVersion;
  decltype(&PQsetNoticeProcessor) setNoticeProcessor;
  decltype(&PQexec) exec;
  decltype(&PQexecParams) execParams;
  decltype(&PQprepare) prepare;
  decltype(&PQdescribePrepared) describePrepared;
  decltype(&PQresultStatus) resultStatus;
  decltype(&PQresultErrorField) resultErrorField;
  decltype(&PQntuples) ntuples;
  decltype(&PQnfields) nfields;
  decltype(&PQfname) fname;
  decltype(&PQftype) ftype;
  decltype(&PQfmod) fmod;
  decltype(&PQgetvalue) getvalue;
  decltype(&PQgetlength) getlength;
  decltype(&PQgetisnull) getisnull;
  decltype(&PQcmdStatus) cmdStatus;
  decltype(&PQcmdTuples) cmdTuples;
  decltype(&PQclear) clear;
  decltype(&PQputCopyData) putCopyData;
  decltype(&PQputCopyEnd) putCopyEnd;
  decltype(&PQgetCopyData) getCopyData;
  decltype(&PQgetResult) getResult;
  decltype(&PQconsumeInput) consumeInput;
  decltype(&PQfreemem) freemem;
  decltype(&PQgetCancel) getCancel;
  decltype(&PQcancel) cancel;
  decltype(&PQfreeCancel) freeCancel;
};

/// libpq, loaded when it is first asked for and kept: a program that never speaks to PostgreSQL
/// pays nothing for it, and needs it not.
///
/// Threads   any.
/// Errors    external  the library is not installed.
Result<const Library*> library();

}  // namespace leat::postgres
