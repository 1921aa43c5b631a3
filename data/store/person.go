package store

import "github.com/google/uuid"

// Person is who did something.
type Person struct {
	ID   uuid.UUID `json:"id" format:"uuid"`
	Name string    `json:"name"`
}
