package account_test

import (
	"testing"

	"kith/internal/base/fault"
	"kith/internal/domain/account"
)

func TestWhatARoleMay(t *testing.T) {
	for _, c := range []struct {
		role account.Role
		what account.Privilege
		may  bool
	}{
		{account.Owner, account.AccountUpdate, true},
		{account.Owner, account.ContactsWrite, true},
		{account.Manager, account.AccountUpdate, false},
		{account.Manager, account.ContactsWrite, true},
		{account.Manager, account.CampaignSend, true},
		{account.CampaignCreator, account.CampaignWrite, true},
		{account.CampaignCreator, account.ListsRead, true},
		{account.CampaignCreator, account.ListsWrite, false},
		{account.CampaignCreator, account.ContactsRead, false},
		{account.CampaignCreator, account.CampaignSend, false},
		{account.CampaignCreator, account.CampaignMetrics, false},
		{"stranger", account.AccountRead, false},
		{"", account.AccountRead, false},
	} {
		err := account.Actor{Account: 1, Role: c.role}.May(c.what)
		if (err == nil) != c.may || err != nil && !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s, %s: %v, want allowed=%v", c.role, c.what, err, c.may)
		}
	}
	if (account.Actor{Role: account.Owner}).May(account.AccountRead) == nil {
		t.Error("an owner of no account may read one")
	}
}
