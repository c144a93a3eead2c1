#include "connectors/postgres/connection_options.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "base/shell_word.hpp"
#include "io/files.hpp"

namespace leat::connectors::postgres {
namespace {

constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";

/// What of a URL has to be known here; libpq reads the rest.
struct UrlParts {
  std::string user;
  std::string host;
  std::string port;
  std::string database;
  std::string query;
  bool has_password = false;
};

UrlParts parts_of(const std::string& url) {
  UrlParts parts;
  const auto start = url.find("://");
  std::string rest = start == std::string::npos ? url : url.substr(start + 3);
  if (const auto query = rest.find('?'); query != std::string::npos) {
    parts.query = rest.substr(query + 1);
    rest.resize(query);
  }
  const auto slash = rest.find('/');
  if (slash != std::string::npos) parts.database = rest.substr(slash + 1);
  std::string authority = rest.substr(0, slash);
  if (const auto at = authority.rfind('@'); at != std::string::npos) {
    parts.user = authority.substr(0, at);
    authority.erase(0, at + 1);
    if (const auto colon = parts.user.find(':'); colon != std::string::npos) {
      parts.has_password = true;
      parts.user.resize(colon);
    }
  }
  const auto bracket = authority.find(']');
  const auto colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  parts.host = authority.substr(0, colon);
  if (colon != std::string::npos) parts.port = authority.substr(colon + 1);
  parts.has_password = parts.has_password || parts.query.find("password=") != std::string::npos;
  return parts;
}

bool is_this_machine(const std::string& host) {
  return host.empty() || host.starts_with("/") || host == "localhost" || host.starts_with("127.") ||
         host == "::1" || host == "[::1]";
}

/// Each part from its own option, else from the URL.
UrlParts whole(const ConnectionOptions& options) {
  auto parts = parts_of(options.url.text);
  if (!options.host.empty()) parts.host = options.host;
  if (options.port) parts.port = std::to_string(*options.port);
  if (!options.database.empty()) parts.database = options.database;
  if (!options.user.empty()) parts.user = options.user;
  return parts;
}

void add(leat::postgres::Server& server, const char* name, const std::string& value) {
  if (!value.empty()) server.parameters.emplace_back(name, value);
}

/// A server elsewhere has to prove who it is, unless somebody has said otherwise.
void add_tls(const ConnectionOptions& options, const BuildContext& context,
             leat::postgres::Server& server) {
  const auto parts = whole(options);
  auto mode = options.sslmode;
  const bool is_said = !mode.empty() || parts.query.find("sslmode=") != std::string::npos;
  if (!is_said && !is_this_machine(parts.host)) mode = "verify-full";
  add(server, "sslmode", mode);
  const auto path = [&](const std::string& file) {
    return file.empty() ? file : (context.root / file).string();
  };
  auto roots = path(options.sslrootcert);
  const bool verifies = mode == "verify-full" || mode == "verify-ca";
  if (roots.empty() && verifies && parts.query.find("sslrootcert=") == std::string::npos &&
      context.files->exists(kSystemRoots)) {
    roots = kSystemRoots;
  }
  add(server, "sslrootcert", roots);
  add(server, "sslcert", path(options.sslcert));
  add(server, "sslkey", path(options.sslkey));
}

Result<Secret> find_secret(const config::SecretRef& named, const BuildContext& context) {
  if (context.secrets == nullptr) {
    return Error(Fault::internal, "nobody can be asked for the secret `" + named.name + "`");
  }
  TRY(auto found, context.secrets->find(named.name));
  if (found) return *std::move(found);
  return Error(Fault::config, "there is no secret `" + named.name + "`")
      .hint("looked in: " + context.secrets->describe());
}

const config::OptionTable<ConnectionOptions>& connection_options() {
  static const auto table = [] {
    std::vector<config::TableLine<ConnectionOptions>> lines;
    add_connection_lines(lines);
    return config::option_table<ConnectionOptions>(std::move(lines));
  }();
  return table;
}

}  // namespace

std::optional<ConnectionOptions> read_connection(
    const config::Node& node, config::Findings& findings,
    std::vector<const config::Node::Entry*>& of_nodes) {
  ConnectionOptions options;
  if (!connection_options().read(node, options, findings, &of_nodes)) return std::nullopt;
  judge_connection(options, node, findings);
  return options;
}

void add_unknown_key(const config::Node& key, config::Findings& findings) {
  connection_options().add_unknown(key, findings);
}

void judge_connection(const ConnectionOptions& options, const config::Node& node,
                      config::Findings& findings) {
  if (!options.connection.empty()) {
    findings.add(*node.find("connection"), "a connection cannot be named here yet",
                 "write `host`, `database`, `user` and `password` instead");
  }
  if (options.url.text.empty()) return;
  const auto& url = *node.find("url");
  const bool is_url =
      options.url.text.starts_with("postgresql://") || options.url.text.starts_with("postgres://");
  if (parts_of(options.url.text).has_password) {
    findings.hide(url);
    findings.add(url, "a password does not stand in a URL",
                 "take it out and write `password: \"${secret:name}\"` beside it");
  } else if (!is_url) {
    findings.add(url, "a URL of PostgreSQL begins with postgresql://",
                 "postgresql://user@host:5432/database");
  }
}

Result<leat::postgres::Server> server_of(const ConnectionOptions& options,
                                         const BuildContext& context) {
  leat::postgres::Server server;
  server.url = options.url.text;
  add(server, "host", options.host);
  if (options.port) add(server, "port", std::to_string(*options.port));
  add(server, "dbname", options.database);
  add(server, "user", options.user);
  add_tls(options, context, server);
  server.connect_timeout = options.connect_timeout.length;
  server.lock_timeout = options.lock_timeout.length;
  server.statement_timeout = options.statement_timeout.length;
  if (options.password) {
    TRY(server.password, find_secret(*options.password, context));
  }
  return server;
}

std::string shown_server(const ConnectionOptions& options) {
  const auto parts = whole(options);
  const auto database = parts.database.empty() ? "PostgreSQL" : parts.database;
  return database + " on " + (parts.host.empty() ? "this machine" : parts.host) +
         (parts.port.empty() ? "" : ":" + parts.port);
}

std::string server_key(const ConnectionOptions& options) {
  const auto parts = whole(options);
  return to_lower(parts.host) + ":" + (parts.port.empty() ? "5432" : parts.port) + "/" +
         (parts.database.empty() ? parts.user : parts.database);
}

std::string psql_command(const ConnectionOptions& options) {
  const auto parts = whole(options);
  std::string command = "psql";
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) command += std::string(" ") + flag + " " + shell_word(value);
  };
  add("-h", parts.host);
  add("-p", parts.port);
  add("-U", parts.user);
  add("-d", parts.database);
  return command;
}

}  // namespace leat::connectors::postgres
