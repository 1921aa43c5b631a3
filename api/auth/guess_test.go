package auth

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"luodi/api/problem"
)

// weak are passwords of at least 15 characters that fall to a short list and a few rules, made alike from what people
// do to be let through.
func weak() []string {
	// these were taken once
	out := []string{"passwordpassword", "123456789012345", "qwertyuiopasdfg", "Password12345678"}
	long := func(text string) string {
		for len(text) < minPassword {
			text += text
		}
		return text
	}
	title := func(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
	leet := strings.NewReplacer("a", "@", "e", "3", "i", "1", "o", "0", "s", "$", "t", "7")
	words := strings.Fields("password admin welcome letmein iloveyou monkey dragon sunshine football princess woaini " +
		"zhongguo woaini1314 luodi administrator qwerty master summer michael changeme")
	for _, word := range words {
		out = append(out, long(word), long(title(word)), long(word+"!"), long(word+"123"), word+"123456789012",
			title(word)+"@20262026", "20242025"+word+"2026", strings.ToUpper(word)+"19900101!!!",
			leet.Replace(title(word))+"12345678!", "87654321"+reversed([]rune(word))+"1", "000000000"+title(word)+"1",
			word+"aaaaaaaaaaaa", word+"qwertyuiop", "!@#$%^&*("+title(word))
	}
	for _, run := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "1qaz2wsx3edc4rfv",
		"zaq12wsxcde34rfv", "1q2w3e4r5t6y7u8i", "qazwsxedcrfvtgb", "741852963", "789456123", "159357", "qweasdzxc",
		"!QAZ@WSX#EDC",
		"0987654321", "abcdefghijklmnop", "zyxwvutsrq", "13579", "24680", "112233445566", "a1b2c3d4e5f6g7h8",
		"aabbccddeeff", "abc123", "5201314", "1357924680", "一二三四五六七八九十", "我爱你", "密码123"} {
		out = append(out, strings.Repeat(run, 8)[:len(run)*(1+15/len([]rune(run)))])
		if out[len(out)-1] != long(run) {
			out = append(out, long(run))
		}
	}
	return append(out, "aaaaabbbbbccccc", "111112222233333", "password1password2password3", "abcdefggfedcbaabc",
		"19900101199001011",
		"20240101-20241231", "zhangwei19900101", "wangwei5201314520", "qwerty123456qwerty", "Pa55w0rdPa55w0rd!",
		"P@ssw0rd2026!!!!!",
		"luodi-planner-2026", "carbon-fibre-2026", "wang.li1234567890", "WangLi-2026-2026", "ｐａｓｓｗｏｒｄ１２３４５６７",
		"pässwördpässwörd")
}

// strong are passphrases of the kinds that people are told to take.
func strong() []string {
	out := []string{"correct horse battery staple", "园区 land desk 42 keys", "fifteen chars !",
		"another four word phrase", "rooty-Tooty-9182-xx", "Pw-aviewer-zebra-19QWx7"}
	r := rand.New(rand.NewPCG(10, 5))
	pick := func(n int, sep string, from []string) string {
		words := make([]string, n)
		for i := range words {
			words[i] = from[r.IntN(len(from))]
		}
		return strings.Join(words, sep)
	}
	english := strings.Fields("anchor basket candle ditch ember fossil gravel hollow ivory jigsaw kettle lantern " +
		"magnet nozzle orchard pebble quarry riddle saddle thimble umbrella velvet walnut yonder zephyr " +
		"apron bramble copper drizzle easel ferret gutter hammock inkwell jasmine kernel ladder mitten nettle oyster " +
		"pulley quiver rafter sickle tassel urchin vessel wicket acorn bishop chisel mountain river summer " +
		"coffee monkey")
	pinyin := strings.Fields("zuotian xiayu women zai hebian kanjian yizhi bailu feiguo shuimian fengche zhuan " +
		"chuang wai lüye qiuqian muqin zhou bao hen xiang laojia damen qian liangke shizi shu jinnian jieguo henduo")
	chinese := []rune("春眠不觉晓处闻啼鸟夜来风雨声花落知多少白日依山尽黄河入海流欲穷千里目更上层楼床前明月光疑是地霜举头望低思故乡锄禾当午汗滴下土谁盘中餐粒皆辛苦")
	signs := []rune("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.,;:?+=#%&")
	of := func(n int, from []rune) string {
		text := make([]rune, n)
		for i := range text {
			text[i] = from[r.IntN(len(from))]
		}
		return string(text)
	}
	for i := range 50 {
		out = append(out, pick(4, []string{" ", "-", "", "."}[i%4], english), pick(5, []string{" ", ""}[i%2], pinyin),
			of(15+i%10, chinese), of(15+i%8, signs), pick(3, " ", english)+fmt.Sprint(" ", 100+r.IntN(900)))
	}
	return out
}

func TestPasswordsThatFallToAListAndAFewRulesAreRefused(t *testing.T) {
	t.Parallel()
	all := weak()
	if len(all) < 200 {
		t.Fatalf("%d passwords only", len(all))
	}
	for _, password := range all {
		err := checkPassword(password, "wang.li", "王丽")
		if err == nil {
			bits, of := newGuess(password, nil).cheapest()
			t.Errorf("%q is taken (%.1f bits of %v)", password, bits, of)
			continue
		}
		if p := problem.From(err, "en"); p.Field != "password" || p.Expected == "" ||
			strings.Contains(p.Expected, "auth.expected") || strings.Contains(p.Expected+p.Got, password) {
			t.Errorf("%q: %+v", password, p)
		}
	}
}

func TestPassphrasesAreTaken(t *testing.T) {
	t.Parallel()
	all := strong()
	if len(all) < 200 {
		t.Fatalf("%d passphrases only", len(all))
	}
	for _, password := range all {
		if err := checkPassword(password, "wang.li", "王丽"); err != nil && len([]rune(password)) >= minPassword {
			bits, of := newGuess(password, nil).cheapest()
			t.Errorf("%q is refused: %v (%.1f bits of %v)", password, err, bits, of)
		}
	}
}

func TestARefusedPasswordIsToldWhatIsWrong(t *testing.T) {
	t.Parallel()
	for password, want := range map[string]string{
		"Administrator2026": "auth.expected.uncommon", "1q2w3e4r5t6y7u8i": "auth.expected.no_run",
		"123456789012345": "auth.expected.no_figures", "bxqbxqbxqbxqbxq mk": "auth.expected.no_repetition",
	} {
		if got := guessable(password); got != want {
			t.Errorf("%q: %s, want %s", password, got, want)
		}
	}
	if guessable("kurt.h0rst1990-1990", "kurt.horst") == "" {
		t.Error("one's own name was taken")
	}
}

func BenchmarkGuess(b *testing.B) {
	password := strings.Repeat("1qaz2wsx", 64)
	for b.Loop() {
		guessable(password)
	}
}
