package apikith

import (
	"net/http"
	"reflect"
	"slices"

	"kith/internal/base/fault"
	"kith/internal/base/id"
	"kith/internal/domain/account"
	"kith/internal/domain/oauth"
	"kith/internal/edge/operation"
	"kith/internal/edge/request"
	"kith/internal/edge/respond"
)

func (a *API) userOperations() []operation.Operation {
	return []operation.Operation{
		{
			Method: http.MethodGet, Path: "/users", ID: "getUsers", Group: groupUsers,
			Summary: "Who may act in the account, and who was asked to",
			Scope:   oauth.AccountRead, Privileges: may(account.AccountRead),
			Answers: ok[users]("Users in the order in which they joined, and invitations that wait for an answer."),
			Serve:   a.users,
		},
		{
			Method: http.MethodPut, Path: "/users/{user_id}", ID: "putUser", Group: groupUsers,
			Summary:     "Give a user another role",
			Description: "The last owner cannot become anything else.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[roleChange](),
			Answers:  ok[member]("The user as they are now."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.changeRole,
		},
		{
			Method: http.MethodDelete, Path: "/users/{user_id}", ID: "deleteUser", Group: groupUsers,
			Summary:     "Take a user out of the account",
			Description: "Their sessions, tokens and access keys in the account end at once. Who belongs to no account after that is removed altogether. The last owner stays.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("They no longer belong to the account."),
			Failures: []int{http.StatusNotFound, http.StatusConflict},
			Serve:    a.removeUser,
		},
		{
			Method: http.MethodPost, Path: "/invitations", ID: "createInvitation", Group: groupUsers,
			Summary:     "Ask somebody into the account by mail",
			Description: "To ask somebody again replaces the link that they have.",
			Scope:       oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Body:     reflect.TypeFor[newInvitation](),
			Answers:  made[invitation]("The invitation."),
			Failures: []int{http.StatusConflict},
			Serve:    a.invite,
		},
		{
			Method: http.MethodDelete, Path: "/invitations/{invitation_id}", ID: "deleteInvitation", Group: groupUsers,
			Summary: "Take an invitation back",
			Scope:   oauth.AccountUpdate, Privileges: may(account.AccountUpdate),
			Answers:  none("Its link lets nobody in any more."),
			Failures: []int{http.StatusNotFound},
			Serve:    a.withdraw,
		},
	}
}

type users struct {
	_           struct{}     `schema:"Users" doc:"Who may act in the account."`
	Users       []member     `json:"users" doc:"The users."`
	Invitations []invitation `json:"invitations" doc:"Invitations that were neither accepted nor ran out."`
}

type member struct {
	_ struct{} `schema:"Member" doc:"A user of the account."`
	user
	Role      string       `json:"role" enum:"owner,manager,campaign_creator" doc:"What the user is in the account."`
	CreatedAt respond.Time `json:"created_at" doc:"Since when they belong to it."`
}

type invitation struct {
	_         struct{}     `schema:"Invitation" doc:"Somebody who was asked into the account."`
	ID        string       `json:"invitation_id" doc:"The invitation's id, which lets nobody in."`
	Email     string       `json:"email" format:"email" doc:"Who was asked."`
	Role      string       `json:"role" enum:"owner,manager,campaign_creator" doc:"What they would be."`
	CreatedAt respond.Time `json:"created_at" doc:"When they were asked."`
	ExpiresAt respond.Time `json:"expires_at" doc:"Until when the link works."`
}

type roleChange struct {
	_    struct{}            `schema:"RoleChange" doc:"Another role."`
	Role request.Opt[string] `json:"role" required:"true" enum:"owner,manager,campaign_creator" doc:"What the user is to be."`
}

type newInvitation struct {
	_     struct{}            `schema:"NewInvitation" doc:"Somebody to be asked into the account."`
	Email request.Opt[string] `json:"email" required:"true" format:"email" doc:"Whom to ask."`
	Role  request.Opt[string] `json:"role" required:"true" enum:"owner,manager,campaign_creator" doc:"What they would be."`
}

func memberOf(m account.Member) member {
	return member{user: userOf(m.User), Role: string(m.Role), CreatedAt: respond.Time(m.Since)}
}

func invitationOf(in account.Invitation) invitation {
	return invitation{
		ID: in.ID, Email: in.Email.String(), Role: string(in.Role),
		CreatedAt: respond.Time(in.CreatedAt), ExpiresAt: respond.Time(in.ExpiresAt),
	}
}

func (a *API) users(c *operation.Call) error {
	members, err := a.o.Accounts.Members(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	invitations, err := a.o.Accounts.Invitations(c.Context(), c.Actor)
	if err != nil {
		return err
	}
	answer := users{Users: make([]member, len(members)), Invitations: make([]invitation, len(invitations))}
	for i, m := range members {
		answer.Users[i] = memberOf(m)
	}
	for i, in := range invitations {
		answer.Invitations[i] = invitationOf(in)
	}
	return c.JSON(http.StatusOK, answer)
}

func (a *API) changeRole(c *operation.Call) error {
	in := operation.Body[roleChange](c)
	if err := c.Problems.Err(); err != nil {
		return err
	}
	who := c.UID("user_id")
	if err := a.o.Accounts.ChangeRole(c.Context(), c.Actor, who, account.Role(in.Role.Or(""))); err != nil {
		return err
	}
	is, err := a.member(c, who)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, memberOf(is))
}

// member finds a user of the account.
func (a *API) member(c *operation.Call, who id.UID) (account.Member, error) {
	all, err := a.o.Accounts.Members(c.Context(), c.Actor)
	if err != nil {
		return account.Member{}, err
	}
	i := slices.IndexFunc(all, func(m account.Member) bool { return m.User.UID == who })
	if i < 0 {
		return account.Member{}, fault.ErrNotFound
	}
	return all[i], nil
}

func (a *API) removeUser(c *operation.Call) error {
	if err := a.o.Accounts.RemoveMember(c.Context(), c.Actor, c.UID("user_id")); err != nil {
		return err
	}
	return c.NoContent()
}

func (a *API) invite(c *operation.Call) error {
	in := operation.Body[newInvitation](c)
	if err := c.Problems.Err(); err != nil {
		return err
	}
	asked, err := a.o.Accounts.Invite(c.Context(), c.Actor, in.Email.Or(""), account.Role(in.Role.Or("")))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, invitationOf(asked))
}

func (a *API) withdraw(c *operation.Call) error {
	if err := a.o.Accounts.Withdraw(c.Context(), c.Actor, c.Param("invitation_id")); err != nil {
		return err
	}
	return c.NoContent()
}
