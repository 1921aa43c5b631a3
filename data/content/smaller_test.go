package content

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"slices"
	"testing"

	"luodi/geo"
)

// TestAPictureIsMadeSmallerAsItIsShown: for each way a camera was held the corner that is told apart is where the eye
// sees it, and the sides are those that were told of the file.
func TestAPictureIsMadeSmallerAsItIsShown(t *testing.T) {
	t.Parallel()
	m := image.NewRGBA(image.Rect(0, 0, 800, 400))
	for y := range 400 {
		for x := range 800 {
			c := color.RGBA{0, 0, 255, 255}
			if x < 400 && y < 200 {
				c = color.RGBA{255, 0, 0, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	// the corner in which the file's upper left is shown: right, then bottom
	for way, want := range map[uint16][2]bool{1: {}, 2: {true, false}, 3: {true, true}, 4: {false, true}, 5: {}, 6: {true, false},
		7: {true, true}, 8: {false, true}} {
		file, err := Read("file", encoded(t, m, segment(jpegApp1, exif(binary.BigEndian, way))))
		if err != nil {
			t.Fatal(err)
		}
		small, kind, err := Smaller(file.Bytes, 320)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := image.Decode(bytes.NewReader(small))
		if err != nil || kind != "image/jpeg" {
			t.Fatalf("way %d: %s %v", way, kind, err)
		}
		b := got.Bounds()
		if b.Dx() != 320 || b.Dy() != (320*file.Height+file.Width/2)/file.Width {
			t.Errorf("way %d: %v of %d × %d", way, b, file.Width, file.Height)
		}
		for _, right := range []bool{false, true} {
			for _, bottom := range []bool{false, true} {
				x, y := b.Dx()/4, b.Dy()/4
				if right {
					x += b.Dx() / 2
				}
				if bottom {
					y += b.Dy() / 2
				}
				r, _, _, _ := got.At(x, y).RGBA()
				if red := r > 0x8000; red != (want == [2]bool{right, bottom}) {
					t.Errorf("way %d: red is %v at right %v, bottom %v", way, red, right, bottom)
				}
			}
		}
	}
}

// TestWhatIsClearStaysClear: a picture with clear parts stays a PNG; one that isn't wider comes as it was.
func TestWhatIsClearStaysClear(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 700, 10))); err != nil {
		t.Fatal(err)
	}
	small, kind, err := Smaller(b.Bytes(), 640)
	if err != nil || kind != "image/png" {
		t.Fatal(kind, err)
	}
	if config, err := png.DecodeConfig(bytes.NewReader(small)); err != nil || config.Width != 640 || config.Height != 9 {
		t.Error(config, err)
	}
	if same, kind, err := Smaller(b.Bytes(), 1280); err != nil || kind != "image/png" || !bytes.Equal(same, b.Bytes()) {
		t.Error("what is no wider was drawn anew", kind, err)
	}
	if got := SmallerOf(700, 10); !slices.Equal(got, []int{320, 640}) {
		t.Error(got)
	}
	if got := SmallerOf(640, 10); !slices.Equal(got, []int{320}) {
		t.Error(got)
	}
}

// TestAPictureThatSwellsIsNotDecoded: a few bytes that claim many pixels are refused by their head.
func TestAPictureThatSwellsIsNotDecoded(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	bomb := b.Bytes()
	binary.BigEndian.PutUint32(bomb[16:], 6000)
	binary.BigEndian.PutUint32(bomb[20:], 5001)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	var invalid *geo.Invalid
	if _, _, err := Smaller(bomb, 320); !errors.As(err, &invalid) || invalid.Field != "width" {
		t.Errorf("%v", err)
	}
	if SmallerOf(6000, 5001) != nil || SmallerOf(6000, 5000) == nil {
		t.Error("the size told is not the size taken")
	}
}

func FuzzSmaller(f *testing.F) {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 2)))
	f.Add(b.Bytes())
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x04ab"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if config, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil && config.Width*config.Height > 1<<20 {
			t.Skip("slow, and the same")
		}
		small, _, err := Smaller(raw, 320)
		if err != nil || bytes.Equal(small, raw) {
			return
		}
		if config, _, err := image.DecodeConfig(bytes.NewReader(small)); err != nil || config.Width != 320 {
			t.Fatal(config, err)
		}
	})
}

// TestEachPixelIsTheMeanOfWhatItCovers, in part too.
func TestEachPixelIsTheMeanOfWhatItCovers(t *testing.T) {
	t.Parallel()
	m := image.NewGray(image.Rect(5, 7, 8, 10)) // 0 90 255, and the same downwards
	copy(m.Pix, []uint8{0, 90, 255, 90, 90, 255, 255, 255, 255})
	got := shrunk(m, image.Rect(0, 0, 2, 2))
	for i, want := range []uint8{50, 200, 200, 237} {
		if c := got.RGBAAt(i%2, i/2); c != (color.RGBA{want, want, want, 255}) {
			t.Errorf("%d: %v, wanted %d", i, c, want)
		}
	}
}

// TestDrawingSmallerTakesNoMoreThanDecoding, however high or wide a picture is. It isn't parallel: it counts what the
// whole process takes.
func TestDrawingSmallerTakesNoMoreThanDecoding(t *testing.T) { //nolint:paralleltest // it counts for all
	for _, size := range []image.Point{{2500, 12000}, {1281, 23400}, {30_000_000, 1}} {
		m := image.NewGray(image.Rect(0, 0, size.X, size.Y))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		small := shrunk(m, image.Rect(0, 0, 1280, max(1, size.Y*1280/size.X)))
		runtime.ReadMemStats(&after)
		if took, most := after.TotalAlloc-before.TotalAlloc, uint64(5*size.X*size.Y); took > most || small.Pix[3] != 255 {
			t.Errorf("%v takes %d bytes, at the most %d", size, took, most)
		}
	}
}
