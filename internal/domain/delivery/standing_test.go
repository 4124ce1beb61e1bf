package delivery_test

import (
	"testing"
	"time"

	"kith/internal/domain/delivery"
)

const day = 24 * time.Hour

// step is a notice, some time after the one before.
type step struct {
	after  time.Duration
	notice delivery.Notice
	reason delivery.Reason
	until  time.Duration // from the step on; 0: none
}

func TestWhatNoticesMakeOfAnAddress(t *testing.T) {
	t.Parallel()
	bounce := func(c delivery.Cause) delivery.Notice { return delivery.Notice{Kind: delivery.Bounced, Cause: c} }
	tell := func(k delivery.Kind) delivery.Notice { return delivery.Notice{Kind: k} }
	full, blocked, gone := bounce(delivery.Full), bounce(delivery.Blocked), bounce(delivery.NoAddress)
	for name, steps := range map[string][]step{
		"nobody there, once":          {{0, gone, delivery.ByHard, 0}},
		"full three times in a month": {{0, full, "", 0}, {2 * day, full, "", 0}, {2 * day, full, "", 0}, {2 * day, full, delivery.BySoft, 14 * day}},
		"five times on one day is once": {
			{0, full, "", 0}, {time.Hour, full, "", 0}, {time.Hour, full, "", 0}, {time.Hour, full, "", 0}, {time.Hour, full, "", 0},
		},
		"once a quarter is never enough": {
			{0, full, "", 0}, {90 * day, full, "", 0}, {90 * day, full, "", 0}, {90 * day, full, "", 0}, {90 * day, full, "", 0}, {90 * day, full, "", 0},
		},
		"what was refused for its sender counts half": {
			{0, blocked, "", 0},
			{day, blocked, "", 0},
			{day, blocked, "", 0},
			{day, blocked, "", 0},
			{day, blocked, "", 0},
			{day, blocked, "", 0},
			{day, blocked, delivery.BySoft, 14 * day},
		},
		"each rest is twice the one before": {
			{0, full, "", 0},
			{day, full, "", 0},
			{day, full, "", 0},
			{day, full, delivery.BySoft, 14 * day},
			{15 * day, full, delivery.BySoft, 28 * day},
			{29 * day, full, "", 0},
			{2 * day, full, delivery.BySoft, 56 * day},
		},
		"a mail that arrives makes good": {
			{0, full, "", 0}, {day, full, "", 0}, {day, full, "", 0}, {day, tell(delivery.Arrived), "", 0}, {day, full, "", 0}, {day, full, "", 0},
		},
		"so does an automatic reply, also of one at rest": {
			{0, full, "", 0}, {day, full, "", 0}, {day, full, "", 0}, {day, full, delivery.BySoft, 14 * day}, {day, tell(delivery.Answered), "", 0},
		},
		"a delay is no failure":                  {{0, tell(delivery.Delayed), "", 0}, {day, tell(delivery.Delayed), "", 0}},
		"a complaint, once":                      {{0, tell(delivery.Complained), delivery.ByComplaint, 0}},
		"a complaint outlasts what comes":        {{0, tell(delivery.Complained), delivery.ByComplaint, 0}, {day, gone, delivery.ByComplaint, 0}, {day, tell(delivery.Arrived), delivery.ByComplaint, 0}},
		"worse than full is gone":                {{0, full, "", 0}, {day, gone, delivery.ByHard, 0}, {day, full, delivery.ByHard, 0}, {day, tell(delivery.Arrived), delivery.ByHard, 0}},
		"worse than gone is a complaint":         {{0, gone, delivery.ByHard, 0}, {day, tell(delivery.Complained), delivery.ByComplaint, 0}},
		"an opt-out is no matter of the address": {{0, tell(delivery.OptedOut), "", 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			var s delivery.Standing
			for i, step := range steps {
				at = at.Add(step.after)
				step.notice.At = at
				s = s.After(step.notice, 7, at)
				if s.Reason != step.reason {
					t.Fatalf("after step %d: %q, want %q (score %.2f)", i, s.Reason, step.reason, s.Score)
				}
				if got := s.Until.Sub(at); step.until > 0 && got != step.until || step.until == 0 && !s.Until.IsZero() {
					t.Fatalf("after step %d: until %s, want in %s", i, s.Until, step.until)
				}
			}
		})
	}
}

func TestAMailOnItsWayBeforeTheTroubleTellsNothing(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := delivery.Standing{}.After(delivery.Notice{Kind: delivery.Bounced, Cause: delivery.Full, At: at}, 1, at)
	if got := s.After(delivery.Notice{Kind: delivery.Arrived, At: at.Add(-time.Hour)}, 2, at.Add(time.Hour)); got != s {
		t.Errorf("got %+v, want %+v", got, s)
	}
}

func TestConfirmingLifts(t *testing.T) {
	t.Parallel()
	for reason, want := range map[delivery.Reason]delivery.Reason{
		delivery.ByHard: "", delivery.BySoft: "", delivery.ByComplaint: delivery.ByComplaint, delivery.ByOwner: delivery.ByOwner,
	} {
		s := delivery.Standing{Suppression: delivery.Suppression{Reason: reason}}
		if got := s.Confirmed().Reason; got != want {
			t.Errorf("%s: %q, want %q", reason, got, want)
		}
	}
}
