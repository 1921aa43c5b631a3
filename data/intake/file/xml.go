package file

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// maxXMLDepth bounds how deep elements nest.
const maxXMLDepth = 64

// xmlReader reads XML a token at a time. A document type is refused: it may define entities, of which some grow without
// bounds and some name other files.
type xmlReader struct {
	in      *markedReader
	decoder *xml.Decoder
	depth   int
}

func newXMLReader(in io.Reader, limits Limits) *xmlReader {
	x := &xmlReader{in: &markedReader{in: in, most: limits.FeatureBytes}}
	x.decoder = xml.NewDecoder(x.in)
	x.decoder.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		found, err := htmlindex.Get(strings.TrimSpace(name))
		if err != nil {
			return nil, &Fault{Code: EncodingUnknown, Expected: "UTF-8, GBK", Got: clip(name)}
		}
		return found.NewDecoder().Reader(in), nil
	}
	return x
}

// begin starts a piece whose size is bounded.
func (x *xmlReader) begin() { x.in.read = 0 }

// next is the next token; io.EOF after the last element.
func (x *xmlReader) next() (xml.Token, error) {
	token, err := x.decoder.Token()
	if err != nil {
		return nil, x.fault(err)
	}
	switch token := token.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxXMLDepth {
			return nil, &Fault{Code: NestedTooDeep, Field: x.place(), Expected: strconv.Itoa(maxXMLDepth),
				Got: strconv.Itoa(x.depth)}
		}
	case xml.EndElement:
		x.depth--
	case xml.Directive:
		return nil, &Fault{Code: XMLDoctype, Field: x.place(), Got: clip(string(token))}
	}
	return token, nil
}

func (x *xmlReader) place() string {
	line, column := x.decoder.InputPos()
	return fmt.Sprintf("%d:%d", line, column)
}

func (x *xmlReader) fault(err error) error {
	var fault *Fault
	var wrong *xml.SyntaxError
	switch {
	case errors.As(err, &fault), errors.Is(err, io.EOF) && x.depth == 0:
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &wrong) &&
		wrong.Msg == "unexpected EOF":
		return &Fault{Code: Truncated, Field: x.place(), Got: strconv.FormatInt(x.decoder.InputOffset(), 10)}
	case errors.As(err, &wrong):
		line, column := x.decoder.InputPos()
		return &Fault{Code: XMLInvalid, Field: x.place(), Where: said("place.table_line", "line", line, "column",
			column),
			Got: clip(wrong.Msg)}
	}
	return packError(err)
}

// text reads the text of the element that began, up to its end; elements in it are passed over.
func (x *xmlReader) text() (string, error) {
	var out strings.Builder
	for depth := x.depth; ; {
		token, err := x.next()
		if err != nil {
			return "", x.inside(err)
		}
		switch token := token.(type) {
		case xml.CharData:
			if x.depth == depth {
				out.Write(token)
			}
		case xml.EndElement:
			if x.depth < depth {
				return out.String(), nil
			}
		}
	}
}

// skip passes the element that began.
func (x *xmlReader) skip() error {
	_, err := x.text()
	return err
}

// inside makes the end of the file a fault where an element is open.
func (x *xmlReader) inside(err error) error {
	if errors.Is(err, io.EOF) {
		return &Fault{Code: Truncated, Field: x.place(), Got: strconv.FormatInt(x.decoder.InputOffset(), 10)}
	}
	return err
}

// children calls each for every element within the one that began; each must read it to its end.
func (x *xmlReader) children(each func(xml.StartElement) error) error {
	for {
		token, err := x.next()
		if err != nil {
			return x.inside(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := each(token); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// markedReader ends with a fault where more is read than a piece may have.
type markedReader struct {
	in         io.Reader
	read, most int64
}

func (r *markedReader) Read(p []byte) (int, error) {
	if r.read > r.most {
		return 0, &Fault{Code: FeatureTooLarge, Field: "XML: ", Expected: fmt.Sprint(r.most),
			Got: "> " + fmt.Sprint(r.most)}
	}
	n, err := r.in.Read(p)
	r.read += int64(n)
	return n, err
}
