package file

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// gbkSource reads JSON that a program of a Chinese system wrote in GBK as if it were in UTF-8. The first piece with
// other than ASCII in it decides, once, for the whole file; what is neither stays as it is.
type gbkSource struct {
	source
	in       *bufio.Reader
	out      io.Reader // once it is decided
	encoding string    // GB18030, where it is that
}

// gbkPiece is how much is looked at at once.
const gbkPiece = 64 << 10

func newGBKSource(src source) *gbkSource {
	return &gbkSource{source: src, in: bufio.NewReaderSize(src, gbkPiece)}
}

func (s *gbkSource) Read(p []byte) (int, error) {
	if s.out != nil {
		return s.out.Read(p)
	}
	piece, err := s.in.Peek(gbkPiece)
	if len(piece) == 0 {
		return 0, err
	}
	for i, c := range piece {
		if c < utf8.RuneSelf {
			continue
		}
		if i > gbkPiece/2 { // what stands before goes first, so that enough is looked at
			return s.in.Read(p[:min(len(p), i)])
		}
		if s.out = s.in; isGBK(piece[i:]) {
			s.out, s.encoding = transform.NewReader(s.in, simplifiedchinese.GB18030.NewDecoder()), "GB18030"
		}
		return s.out.Read(p)
	}
	return s.in.Read(p[:min(len(p), len(piece))])
}

// isGBK reports whether bytes are no UTF-8, but GB18030 that loses nothing and of which most characters are those of
// GB 2312: two bytes of Latin-1 that happen to be a character of GBK are hardly ever that.
func isGBK(piece []byte) bool {
	if utf8.Valid(cutCharacter(piece)) {
		return false
	}
	pairs, common := 0, 0
	for i := 0; i+1 < len(piece); i++ {
		if piece[i] < utf8.RuneSelf {
			continue
		}
		if pairs++; piece[i] >= 0xa1 && piece[i] <= 0xf7 && piece[i+1] >= 0xa1 {
			common++
		}
		i++
	}
	const mostly = 0.8
	if pairs == 0 || float64(common) < mostly*float64(pairs) {
		return false
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().String(string(piece))
	return err == nil && !strings.ContainsRune(strings.TrimRight(text, "\ufffd"), utf8.RuneError)
}

// cutCharacter leaves out a character of UTF-8 that the end of a piece cuts.
func cutCharacter(piece []byte) []byte {
	for cut := 1; cut < utf8.UTFMax && cut <= len(piece); cut++ {
		if utf8.RuneStart(piece[len(piece)-cut]) {
			if !utf8.FullRune(piece[len(piece)-cut:]) {
				return piece[:len(piece)-cut]
			}
			break
		}
	}
	return piece
}
