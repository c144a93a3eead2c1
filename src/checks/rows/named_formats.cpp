#include "checks/rows/named_formats.hpp"

#include <algorithm>

namespace leat::checks::rows {
namespace {

/// FIPS 5-2: the states, the District of Columbia, the outlying and associated areas.
constexpr std::string_view kStates =
    "01|02|04|05|06|08|09|10|11|12|13|15|16|17|18|19|20|21|22|23|24|25|"
    "26|27|28|29|30|31|32|33|34|35|36|37|38|39|40|41|42|44|45|46|47|48|"
    "49|50|51|53|54|55|56|60|64|66|68|69|70|72|74|78";

/// ISO 3166-1.
constexpr std::string_view kCountries2 =
    "AD|AE|AF|AG|AI|AL|AM|AO|AQ|AR|AS|AT|AU|AW|AX|AZ|BA|BB|BD|BE|BF|BG|"
    "BH|BI|BJ|BL|BM|BN|BO|BQ|BR|BS|BT|BV|BW|BY|BZ|CA|CC|CD|CF|CG|CH|CI|"
    "CK|CL|CM|CN|CO|CR|CU|CV|CW|CX|CY|CZ|DE|DJ|DK|DM|DO|DZ|EC|EE|EG|EH|"
    "ER|ES|ET|FI|FJ|FK|FM|FO|FR|GA|GB|GD|GE|GF|GG|GH|GI|GL|GM|GN|GP|GQ|"
    "GR|GS|GT|GU|GW|GY|HK|HM|HN|HR|HT|HU|ID|IE|IL|IM|IN|IO|IQ|IR|IS|IT|"
    "JE|JM|JO|JP|KE|KG|KH|KI|KM|KN|KP|KR|KW|KY|KZ|LA|LB|LC|LI|LK|LR|LS|"
    "LT|LU|LV|LY|MA|MC|MD|ME|MF|MG|MH|MK|ML|MM|MN|MO|MP|MQ|MR|MS|MT|MU|"
    "MV|MW|MX|MY|MZ|NA|NC|NE|NF|NG|NI|NL|NO|NP|NR|NU|NZ|OM|PA|PE|PF|PG|"
    "PH|PK|PL|PM|PN|PR|PS|PT|PW|PY|QA|RE|RO|RS|RU|RW|SA|SB|SC|SD|SE|SG|"
    "SH|SI|SJ|SK|SL|SM|SN|SO|SR|SS|ST|SV|SX|SY|SZ|TC|TD|TF|TG|TH|TJ|TK|"
    "TL|TM|TN|TO|TR|TT|TV|TW|TZ|UA|UG|UM|US|UY|UZ|VA|VC|VE|VG|VI|VN|VU|"
    "WF|WS|YE|YT|ZA|ZM|ZW";
constexpr std::string_view kCountries3 =
    "ABW|AFG|AGO|AIA|ALA|ALB|AND|ARE|ARG|ARM|ASM|ATA|ATF|ATG|AUS|AUT|AZE|"
    "BDI|BEL|BEN|BES|BFA|BGD|BGR|BHR|BHS|BIH|BLM|BLR|BLZ|BMU|BOL|BRA|BRB|"
    "BRN|BTN|BVT|BWA|CAF|CAN|CCK|CHE|CHL|CHN|CIV|CMR|COD|COG|COK|COL|COM|"
    "CPV|CRI|CUB|CUW|CXR|CYM|CYP|CZE|DEU|DJI|DMA|DNK|DOM|DZA|ECU|EGY|ERI|"
    "ESH|ESP|EST|ETH|FIN|FJI|FLK|FRA|FRO|FSM|GAB|GBR|GEO|GGY|GHA|GIB|GIN|"
    "GLP|GMB|GNB|GNQ|GRC|GRD|GRL|GTM|GUF|GUM|GUY|HKG|HMD|HND|HRV|HTI|HUN|"
    "IDN|IMN|IND|IOT|IRL|IRN|IRQ|ISL|ISR|ITA|JAM|JEY|JOR|JPN|KAZ|KEN|KGZ|"
    "KHM|KIR|KNA|KOR|KWT|LAO|LBN|LBR|LBY|LCA|LIE|LKA|LSO|LTU|LUX|LVA|MAC|"
    "MAF|MAR|MCO|MDA|MDG|MDV|MEX|MHL|MKD|MLI|MLT|MMR|MNE|MNG|MNP|MOZ|MRT|"
    "MSR|MTQ|MUS|MWI|MYS|MYT|NAM|NCL|NER|NFK|NGA|NIC|NIU|NLD|NOR|NPL|NRU|"
    "NZL|OMN|PAK|PAN|PCN|PER|PHL|PLW|PNG|POL|PRI|PRK|PRT|PRY|PSE|PYF|QAT|"
    "REU|ROU|RUS|RWA|SAU|SDN|SEN|SGP|SGS|SHN|SJM|SLB|SLE|SLV|SMR|SOM|SPM|"
    "SRB|SSD|STP|SUR|SVK|SVN|SWE|SWZ|SXM|SYC|SYR|TCA|TCD|TGO|THA|TJK|TKL|"
    "TKM|TLS|TON|TTO|TUN|TUR|TUV|TWN|TZA|UGA|UKR|UMI|URY|USA|UZB|VAT|VCT|"
    "VEN|VGB|VIR|VNM|VUT|WLF|WSM|YEM|ZAF|ZMB|ZWE";

/// ISO 4217, the codes in use but XTS, which is for tests.
constexpr std::string_view kCurrencies =
    "AED|AFN|ALL|AMD|AOA|ARS|AUD|AWG|AZN|BAM|BBD|BDT|BGN|BHD|BIF|BMD|BND|"
    "BOB|BOV|BRL|BSD|BTN|BWP|BYN|BZD|CAD|CDF|CHE|CHF|CHW|CLF|CLP|CNY|COP|"
    "COU|CRC|CUP|CVE|CZK|DJF|DKK|DOP|DZD|EGP|ERN|ETB|EUR|FJD|FKP|GBP|GEL|"
    "GHS|GIP|GMD|GNF|GTQ|GYD|HKD|HNL|HTG|HUF|IDR|ILS|INR|IQD|IRR|ISK|JMD|"
    "JOD|JPY|KES|KGS|KHR|KMF|KPW|KRW|KWD|KYD|KZT|LAK|LBP|LKR|LRD|LSL|LYD|"
    "MAD|MDL|MGA|MKD|MMK|MNT|MOP|MRU|MUR|MVR|MWK|MXN|MXV|MYR|MZN|NAD|NGN|"
    "NIO|NOK|NPR|NZD|OMR|PAB|PEN|PGK|PHP|PKR|PLN|PYG|QAR|RON|RSD|RUB|RWF|"
    "SAR|SBD|SCR|SDG|SEK|SGD|SHP|SLE|SOS|SRD|SSP|STN|SVC|SYP|SZL|THB|TJS|"
    "TMT|TND|TOP|TRY|TTD|TWD|TZS|UAH|UGX|USD|USN|UYI|UYU|UYW|UZS|VED|VES|"
    "VND|VUV|WST|XAD|XAF|XAG|XAU|XBA|XBB|XBC|XBD|XCD|XCG|XDR|XOF|XPD|XPF|"
    "XPT|XSU|XUA|XX"
    "X|YER|ZAR|ZMW|ZWG";  // In two pieces: together it reads like an open end.

constexpr std::string_view kByte = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
/// Years 0000 to 9999; 29 February in leap years alone.
constexpr std::string_view kDate =
    "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
    "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))|"
    "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
constexpr std::string_view kTime =
    "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\\.[0-9]{1,9})?)?";
constexpr std::string_view kZone = "(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?";
constexpr std::string_view kLabel = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

std::string text(std::string_view part) { return std::string(part); }

std::string ipv4() { return text(kByte) + "(?:\\." + text(kByte) + "){3}"; }

/// Eight groups, or fewer around one "::"; the last two may be written as an IPv4 address.
std::string ipv6() {
  const std::string group = "[0-9A-Fa-f]{1,4}";
  const auto before = [&](int most) {
    return "(?:" + group + ":){1," + std::to_string(most) + "}";
  };
  std::string out = "(?:" + group + ":){7}" + group + "|" + before(7) + ":";
  for (int right = 1; right <= 6; ++right) {
    out += "|" + before(7 - right) + "(?::" + group + "){1," + std::to_string(right) + "}";
  }
  out += "|:(?::" + group + "){1,7}|::";
  out += "|(?:" + group + ":){6}" + ipv4() + "|::(?:" + group + ":){0,5}" + ipv4();
  for (int left = 1; left <= 5; ++left) {
    out += "|(?:" + group + ":){" + std::to_string(left) + "}(?::" + group + "){0," +
           std::to_string(5 - left) + "}:" + ipv4();
  }
  return out;
}

std::string semver() {
  const std::string number = "(?:0|[1-9][0-9]*)";
  const auto part = "(?:" + number + "|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  return number + "\\." + number + "\\." + number + "(?:-" + part + "(?:\\." + part +
         ")*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?";
}

std::string host() { return text(kLabel) + "(?:\\." + text(kLabel) + ")*"; }

/// RFC 3986: user@host:port; an IPv6 address in brackets, a port of digits.
std::string authority() {
  return "(?:[^\\s/?#@\\[\\]]*@)?(?:\\[(?:" + ipv6() + ")\\]|[^\\s/?#@:\\[\\]]+)(?::[0-9]*)?";
}

std::string whole(const std::string& pattern) { return "^(?:" + pattern + ")$"; }

std::vector<NamedFormat> make_formats() {
  const auto states = "(?:" + text(kStates) + ")";
  const auto county = states + "(?:[1-9][0-9]{2}|0[1-9][0-9]|00[1-9])";
  const std::string atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  const auto email = atom + "(?:\\." + atom + ")*@" + text(kLabel) + "(?:\\." + text(kLabel) + ")+";
  const auto date = text(kDate);
  std::vector<NamedFormat> formats{
      {"email", "name@host.domain, ASCII", email},
      {"url", "scheme://host and what may follow, no blanks",
       "[A-Za-z][A-Za-z0-9+.-]*://" + authority() + "(?:[/?#]\\S*)?"},
      {"uuid", "32 hex digits as 8-4-4-4-12",
       "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"},
      {"ipv4", "four numbers from 0 to 255, no leading zeros", ipv4()},
      {"ipv6", "RFC 4291, without a zone", ipv6()},
      {"ip", "ipv4 or ipv6", ipv4() + "|" + ipv6()},
      {"hostname", "labels of letters, digits and hyphens", host()},
      {"mac", "six pairs of hex digits between colons or hyphens",
       "(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}"},
      {"date", "2024-01-31, a day of the calendar", date},
      {"time", "10:00, 10:00:00 or 10:00:00.25", text(kTime)},
      {"timestamp", "ISO 8601: date, T or blank, time, zone or none",
       date + "[T ]" + text(kTime) + text(kZone)},
      {"month", "2024-01", "[0-9]{4}-(?:0[1-9]|1[0-2])"},
      {"fips_state", "two digits of a US state or area", states},
      {"fips_county", "five digits: state and county", county},
      {"fips", "fips_state or fips_county", states + "|" + county},
      {"country", "ISO 3166-1 alpha-2: DE", text(kCountries2)},
      {"country_alpha3", "ISO 3166-1 alpha-3: DEU", text(kCountries3)},
      {"currency", "ISO 4217: EUR", text(kCurrencies)},
      {"zip", "US ZIP code, five digits or ZIP+4", "[0-9]{5}(?:-[0-9]{4})?"},
      {"phone", "E.164: + and up to 15 digits", "\\+[1-9][0-9]{1,14}"},
      {"semver", "semantic version 2.0.0", semver()},
      {"json", "one JSON value, without NaN, Infinity or a comma behind the last one", ""},
  };
  for (auto& format : formats) {
    if (!format.pattern.empty()) format.pattern = whole(format.pattern);
  }
  return formats;
}

}  // namespace

const std::vector<NamedFormat>& named_formats() {
  static const auto formats = make_formats();
  return formats;
}

const NamedFormat* find_format(std::string_view name) {
  const auto& all = named_formats();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& format) { return format.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace leat::checks::rows
