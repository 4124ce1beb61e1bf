package app

import (
	"strings"
	"testing"

	"kith/internal/config"
	"kith/internal/outbound/mail/mailtest"
)

// Each relay is asked by the way by which mail goes.
func TestTheDoctorAsksEachRelay(t *testing.T) {
	t.Parallel()
	good := mailtest.New(t, mailtest.Options{User: "me", Password: "right"})
	foreign := mailtest.New(t, mailtest.Options{Implicit: true})
	wrong := strings.Replace(mailtest.New(t, mailtest.Options{User: "me", Password: "right"}).URL(), "right", "hunter2", 1)
	c, err := config.Load(config.Source{Flags: map[string]string{
		"smtp-url": good.URL() + "?connections=5," + wrong + "," + foreign.URL(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	checks := checkMail(t.Context(), c)
	if len(checks) != 3 {
		t.Fatalf("got %+v", checks)
	}
	for i, want := range []string{"lets the user in", "does not let us sign in", "certificate"} {
		if got := checks[i]; got.OK != (i == 0) || !strings.Contains(got.Message, want) || (got.Remedy == "") != got.OK {
			t.Errorf("got %+v, want %q", got, want)
		}
		if strings.Contains(checks[i].Message+checks[i].Remedy, "hunter2") {
			t.Errorf("the password is shown: %+v", checks[i])
		}
	}
}
