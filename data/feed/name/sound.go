package name

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// Bounds on the readings of a name: 重 is zhong or chong, and only a dictionary of words knows where. The first
// readings of a character are its usual ones.
const (
	maxReadings  = 2 // of a character
	maxSpellings = 8 // of a name
)

var (
	readingsOf sync.Map // of rune: []string
	toneless   = pinyin.Args{Style: pinyin.Normal, Heteronym: true}
)

// readings lists how a Chinese character is read, without tones; ü is written both as v and as u.
func readings(r rune) []string {
	if known, there := readingsOf.Load(r); there {
		return known.([]string)
	}
	var all []string
	sounds := pinyin.SinglePinyin(r, toneless)
	for _, sound := range sounds[:min(len(sounds), maxReadings)] {
		for _, written := range []string{sound, strings.ReplaceAll(sound, "v", "u")} {
			if written != "" && !slices.Contains(all, written) {
				all = append(all, written)
			}
		}
	}
	readingsOf.Store(r, all)
	return all
}

// spelling is a text as it sounds, and by the first letters of its syllables. What is not Chinese stays as it is.
type spelling struct{ whole, initials folded }

// spell gives the spellings of a folded text, the usual first; none where nothing in it is Chinese.
func spell(f folded) []spelling {
	chinese := false
	all := []spelling{{}}
	for at, r := range f.text {
		if !unicode.Is(unicode.Han, r) {
			for i := range all {
				all[i].add(string(r), string(r), f.starts[at])
			}
			continue
		}
		sounds := readings(r)
		if len(sounds) == 0 {
			continue
		}
		chinese = true
		usual := len(all)
		for _, other := range sounds[1:] {
			for i := 0; i < usual && len(all) < maxSpellings; i++ {
				next := all[i].clone()
				next.add(other, other[:1], true)
				all = append(all, next)
			}
		}
		for i := range usual {
			all[i].add(sounds[0], sounds[0][:1], true)
		}
	}
	if !chinese {
		return nil
	}
	return all
}

func (s *spelling) add(sound, initial string, begins bool) {
	s.whole.add(sound, begins)
	s.initials.add(initial, begins)
}

func (s *spelling) clone() spelling { return spelling{s.whole.clone(), s.initials.clone()} }

func (f *folded) add(text string, begins bool) {
	for i := range len(text) {
		f.starts = append(f.starts, begins && i == 0)
	}
	f.text += text
}

func (f *folded) clone() folded { return folded{f.text, slices.Clone(f.starts)} }
