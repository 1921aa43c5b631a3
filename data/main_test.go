package data_test

import (
	"testing"

	"luodi/data/datatest"
)

func TestMain(m *testing.M) { datatest.Main(m) }
