package api

import (
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"
)

// humaSays pairs what huma says of a value with a key of the message table; {value} there is what the rule compares
// with. The formats are huma's own, so that a new huma that words them anew is still understood.
var humaSays = []struct {
	said *regexp.Regexp
	key  string
}{
	{says(validation.MsgUnexpectedProperty), "api.value.no_more"},
	{says(validation.MsgExpectedRequiredProperty), "api.value.property"},
	{says(validation.MsgExpectedOneOf), "api.expected.one_of"},
	{says(validation.MsgExpectedRFC3339DateTime), "api.value.instant"},
	{says(validation.MsgExpectedRFC3339Date), "api.value.day"},
	{says(validation.MsgExpectedRFC4122UUID), "api.expected.id"},
	{says(validation.MsgExpectedRFC3986URI), "api.value.uri"},
	{says(validation.MsgExpectedRFC5322Email), "api.value.email"},
	{says(validation.MsgExpectedBoolean), "api.value.boolean"},
	{says(validation.MsgExpectedNumber), "api.value.number"},
	{says(validation.MsgExpectedInteger), "api.value.integer"},
	{says(validation.MsgExpectedString), "api.value.text"},
	{says(validation.MsgExpectedArray), "api.value.array"},
	{says(validation.MsgExpectedObject), "api.value.object"},
	{says(validation.MsgExpectedMinimumNumber), "api.value.least"},
	{says(validation.MsgExpectedExclusiveMinimumNumber), "api.value.above"},
	{says(validation.MsgExpectedMaximumNumber), "api.value.most"},
	{says(validation.MsgExpectedExclusiveMaximumNumber), "api.value.below"},
	{says(validation.MsgExpectedMinLength), "api.value.min_length"},
	{says(validation.MsgExpectedMaxLength), "api.value.max_length"},
	{says(validation.MsgExpectedMinItems), "api.value.min_items"},
	{says(validation.MsgExpectedMaxItems), "api.value.max_items"},
	{says("request body is required"), "api.value.body"},
	{says("request body is too large limit=%d bytes"), "api.value.body_bytes"},
	{says("request body read timeout"), "api.value.body_in_time"},
	{says("invalid integer"), "api.value.integer"},
	{says("invalid floating value"), "api.value.number"},
	{says("invalid boolean"), "api.value.boolean"},
}

// says matches what a format prints; its one value is captured.
func says(format string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.MustCompile(`%[vsd]`).ReplaceAllLiteralString(regexp.QuoteMeta(format),
		`(.*)`) + "$")
}

// expects is the key, and its values, of what huma asks for; of words that are not known, that the value should be as
// the documents say.
func expects(field, said string) (key string, args []any) {
	for _, h := range humaSays {
		if m := h.said.FindStringSubmatch(said); m != nil {
			value := ""
			if len(m) > 1 {
				value = strings.ReplaceAll(m[1], `"`, "")
			}
			return h.key, []any{"value", value, "values", value}
		}
	}
	if field == "body" {
		return "api.value.json", nil
	}
	return "api.value.documented", nil
}
