// Package message is the table of all texts of Luodi, in Chinese and English. The page reads the same files.
//
// A refusal names a rule (geo.NewInvalid, geo.Say). rule.json has the words of each rule: a noun phrase that goes
// with "expected" or, under came, with "got". Values have named placeholders such as {n}. Tests hold the table to the
// code: every rule has words in both languages, with placeholders for exactly the values it is given, and no words
// are left over.
package message

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// Lang is a language Luodi speaks.
type Lang string

// The languages; Chinese is the first.
const (
	ZH Lang = "zh"
	EN Lang = "en"
)

//go:embed *.json
var files embed.FS

type text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

var table = must(load(files))

// Text returns the text of a key, its {name} placeholders replaced by the values of alternating name, value arguments.
// An unknown key returns itself: the tests refuse one in the code.
func Text(lang Lang, key string, args ...any) string {
	row, ok := table[key]
	if !ok {
		return key
	}
	s := row.ZH
	if lang == EN {
		s = row.EN
	}
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// halves are the sample park's texts, which stand in the database in both languages, as "Chinese / English".
var halves = func() map[string]text {
	all := map[string]text{}
	for key, row := range table {
		if strings.HasPrefix(key, "sample.") {
			all[row.ZH+" / "+row.EN] = row
		}
	}
	return all
}()

// Half returns the reader's half of a text of the sample park. Any other text is somebody's own: whole, however it is
// written. The page takes halves by the same rule (web/src/core/message.ts).
func Half(lang Lang, of string) string {
	half, ok := halves[of]
	switch {
	case !ok:
		return of
	case lang == EN:
		return half.EN
	}
	return half.ZH
}

// Moment writes a moment to the minute as the clocks of its location show it, and how far they are from UTC.
func Moment(lang Lang, at time.Time) string {
	if lang == EN {
		return at.Format("2 January 2006, 15:04 UTC-07:00")
	}
	return at.Format("2006年1月2日 15:04 UTC-07:00")
}

// Known reports whether the table has a key.
func Known(key string) bool {
	_, ok := table[key]
	return ok
}

// FromLocale reads a POSIX locale such as zh_CN.UTF-8. Without one, or in C, a terminal may not show Chinese: English.
func FromLocale(locale string) Lang {
	if strings.HasPrefix(strings.ToLower(locale), "zh") {
		return ZH
	}
	return EN
}

// FromAcceptLanguage picks the language of an answer by the header of a request: of Chinese and English the one more
// wanted. A client that asks for other languages alone gets English; one that asks for none, or for any, Chinese. The
// page reads the browser's list by the same rule (web/src/core/lang.ts); testdata/asked.json holds both to it.
func FromAcceptLanguage(header string) Lang {
	best, lang, other := 0.0, ZH, false // 0 is what a client does not want
	for _, part := range strings.Split(header, ",") {
		tag, parameter, _ := strings.Cut(part, ";")
		_, weight, _ := strings.Cut(parameter, "q=")
		weight, _, _ = strings.Cut(weight, ";")
		quality, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		if err != nil {
			quality = 1
		}
		primary, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		switch found := Lang(primary); found {
		case ZH, EN:
			if quality > best {
				best, lang = quality, found
			}
		case "", "*":
		default:
			other = other || quality > 0
		}
	}
	if best == 0 && other {
		return EN
	}
	return lang
}

func load(fsys fs.FS) (map[string]text, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]text{}
	for _, name := range names {
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var part map[string]text
		if err := json.Unmarshal(body, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, row := range part {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: %q stands in two files", name, key)
			}
			all[key] = row
		}
	}
	return all, nil
}

// must is for the embedded table alone: a broken one is a broken build, which every test shows.
func must(all map[string]text, err error) map[string]text {
	if err != nil {
		panic("message: " + err.Error())
	}
	return all
}
