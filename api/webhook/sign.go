package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"
)

// sign gives the signatures of a message as Standard Webhooks 1.0 has them: "v1," and base64 of HMAC-SHA256 over
// id.timestamp.body, one a key, with spaces between.
func sign(keys [][]byte, id string, at time.Time, body []byte) string {
	signed := append([]byte(id+"."+strconv.FormatInt(at.Unix(), 10)+"."), body...)
	var text []byte
	for i, key := range keys {
		if i > 0 {
			text = append(text, ' ')
		}
		mac := hmac.New(sha256.New, key)
		mac.Write(signed)
		text = base64.StdEncoding.AppendEncode(append(text, "v1,"...), mac.Sum(nil))
	}
	return string(text)
}
