#pragma once

#include <string_view>

namespace leat::report {

extern const std::string_view page_html;  ///< page.html, with {{slots}}.
extern const std::string_view page_css;   ///< page.css

}  // namespace leat::report
