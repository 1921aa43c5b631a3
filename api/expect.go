package api

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2/validation"
)

// huma's validation messages are variables. Before any schema is made they are set to keys of the message table, each
// followed by the value that the rule compares with.
func init() {
	for said, key := range map[*string]string{
		&validation.MsgUnexpectedProperty:             "api.value.no_more",
		&validation.MsgExpectedRequiredProperty:       "api.value.property %s",
		&validation.MsgExpectedOneOf:                  "api.expected.one_of %s",
		&validation.MsgExpectedRFC3339DateTime:        "api.value.instant",
		&validation.MsgExpectedRFC3339Date:            "api.value.day",
		&validation.MsgExpectedRFC4122UUID:            "api.expected.id %v",
		&validation.MsgExpectedRFC3986URI:             "api.value.uri %v",
		&validation.MsgExpectedRFC5322Email:           "api.value.email %v",
		&validation.MsgExpectedBoolean:                "api.value.boolean",
		&validation.MsgExpectedNumber:                 "api.value.number",
		&validation.MsgExpectedInteger:                "api.value.integer",
		&validation.MsgExpectedString:                 "api.value.text",
		&validation.MsgExpectedArray:                  "api.value.array",
		&validation.MsgExpectedObject:                 "api.value.object",
		&validation.MsgExpectedMinimumNumber:          "api.value.least %v",
		&validation.MsgExpectedExclusiveMinimumNumber: "api.value.above %v",
		&validation.MsgExpectedMaximumNumber:          "api.value.most %v",
		&validation.MsgExpectedExclusiveMaximumNumber: "api.value.below %v",
		&validation.MsgExpectedMinLength:              "api.value.min_length %d",
		&validation.MsgExpectedMaxLength:              "api.value.max_length %d",
		&validation.MsgExpectedMinItems:               "api.value.min_items %d",
		&validation.MsgExpectedMaxItems:               "api.value.max_items %d",
	} {
		*said = key
	}
}

// humaWords are what huma says in words of its own, that no variable holds.
var humaWords = map[string]string{
	"request body is required":  "api.value.body",
	"request body read timeout": "api.value.body_in_time",
	"invalid integer":           "api.value.integer",
	"invalid floating value":    "api.value.number",
	"invalid boolean":           "api.value.boolean",
}

// expects is the key, and its values, of what huma asks for; of words that are not known, that the value should be as
// the documents say.
func expects(field, said string) (key string, args []any) {
	key, value, _ := strings.Cut(said, " ")
	if strings.HasPrefix(key, "api.") {
		value = strings.ReplaceAll(value, `"`, "")
		if x, err := strconv.ParseFloat(value, 64); err == nil {
			value = strconv.FormatFloat(x, 'f', -1, 64)
		}
		return key, []any{"value", value, "values", value}
	}
	if key, known := humaWords[said]; known {
		return key, nil
	}
	var most int
	if n, _ := fmt.Sscanf(said, "request body is too large limit=%d bytes", &most); n == 1 {
		return "api.value.body_bytes", []any{"value", most}
	}
	if field == "body" {
		return "api.value.json", nil
	}
	return "api.value.documented", nil
}
