package registry_test

import (
	"testing"

	"luodi/data/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }
