package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"luodi/api/auth"
	"luodi/api/problem"
	"luodi/api/webhook"
	"luodi/data/event"
)

type webhookList struct {
	Webhooks []event.Webhook `json:"webhooks"`
}

// webhookMade is a webhook with its secret, which is told this once.
type webhookMade struct {
	event.Webhook
	Secret string `json:"secret" doc:"Shown once: whsec_ and base64 of the key."`
}

type addingWebhook struct {
	InPark
	Body struct {
		URL   string `json:"url" minLength:"1" maxLength:"2000" example:"https://example.org/hook"`
		After *int64 `json:"after,omitempty" minimum:"0" doc:"Begin after this event; without it with the next one."`
	}
}

// InWebhook names a webhook of a park by its id.
type InWebhook struct {
	InPark
	ID string `path:"id" format:"uuid" doc:"The webhook's id."`
}

type changingWebhook struct {
	InWebhook
	Body struct {
		URL   *string             `json:"url,omitempty" minLength:"1" maxLength:"2000"`
		State *event.WebhookState `json:"state,omitempty" enum:"active,paused"`
	}
}

type deadLetterList struct {
	DeadLetters []event.DeadLetter `json:"dead_letters"`
}

type listingDead struct {
	InWebhook
	After int64 `query:"after" minimum:"0" doc:"Those after this event."`
	Limit int   `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type resending struct {
	InWebhook
	Body struct {
		Seq *int64 `json:"seq,omitempty" minimum:"1" doc:"One event; all without it."`
	}
}

type resent struct {
	Count int64 `json:"count" doc:"Dead letters that will be sent once more."`
}

type webhookSecret struct {
	Secret string `json:"secret" doc:"Shown once. The one before signs beside it for a day."`
}

// addWebhooks adds what admins of a park keep.
func (d *domain) addWebhooks() {
	const all = "/api/parks/{park}/webhooks"
	const one = all + "/{id}"
	desk(d, deskRoute{http.MethodGet, all, "webhooks", http.StatusOK}, d.listWebhooks)
	desk(d, deskRoute{http.MethodPost, all, "webhooks.add", http.StatusCreated}, d.addWebhook)
	desk(d, deskRoute{http.MethodGet, one, "webhook", http.StatusOK}, d.readWebhook)
	desk(d, deskRoute{http.MethodPatch, one, "webhook.change", http.StatusOK}, d.changeWebhook)
	desk(d, deskRoute{http.MethodDelete, one, "webhook.retire", http.StatusOK}, d.retireWebhook)
	desk(d, deskRoute{http.MethodPost, one + "/secret", "webhook.secret", http.StatusOK}, d.rotateWebhook)
	desk(d, deskRoute{http.MethodPost, one + "/ping", "webhook.ping", http.StatusOK}, d.pingWebhook)
	desk(d, deskRoute{http.MethodGet, one + "/dead-letters", "webhook.dead", http.StatusOK}, d.listDead)
	desk(d, deskRoute{http.MethodPost, one + "/dead-letters/resend", "webhook.resend", http.StatusAccepted},
		d.resendDead)
}

// managed is the park, for who may manage it, and the webhook's id.
func (d *domain) managed(ctx context.Context, in InWebhook) (park, id uuid.UUID, err error) {
	if _, park, err = d.managing(ctx, in.Park); err != nil {
		return park, id, err
	}
	id, err = parseID("webhook", in.ID)
	return park, id, err
}

func (d *domain) managing(ctx context.Context, code string) (*auth.Principal, uuid.UUID, error) {
	return d.inPark(ctx, code)
}

func (d *domain) listWebhooks(ctx context.Context, in *InPark) (int, webhookList, error) {
	_, park, err := d.managing(ctx, in.Park)
	if err != nil {
		return 0, webhookList{}, err
	}
	all, err := d.events.Webhooks(ctx, park)
	return 0, webhookList{all}, err
}

func (d *domain) addWebhook(ctx context.Context, in *addingWebhook) (int, *webhookMade, error) {
	who, park, err := d.managing(ctx, in.Park)
	if err != nil {
		return 0, nil, err
	}
	if err := d.sender.CheckURL(in.Body.URL); err != nil {
		return 0, nil, err
	}
	made, secret, err := d.events.AddWebhook(ctx, park, in.Body.URL, who.Account, in.Body.After)
	return 0, &webhookMade{made, secret}, err
}

func (d *domain) readWebhook(ctx context.Context, in *InWebhook) (int, event.Webhook, error) {
	park, id, err := d.managed(ctx, *in)
	if err != nil {
		return 0, event.Webhook{}, err
	}
	w, err := d.events.Webhook(ctx, park, id)
	return 0, w, err
}

func (d *domain) changeWebhook(ctx context.Context, in *changingWebhook) (int, event.Webhook, error) {
	park, id, err := d.managed(ctx, in.InWebhook)
	if err != nil {
		return 0, event.Webhook{}, err
	}
	if in.Body.URL != nil {
		if err := d.sender.CheckURL(*in.Body.URL); err != nil {
			return 0, event.Webhook{}, err
		}
	}
	if s := in.Body.State; s != nil && *s != event.WebhookActive && *s != event.WebhookPaused {
		return 0, event.Webhook{}, &problem.Request{Kind: problem.InvalidParameter, Field: "state",
			Expected: "api.expected.one_of", Args: []any{"values", "active, paused"}, Got: string(*s)}
	}
	w, err := d.events.ChangeWebhook(ctx, park, id, event.WebhookChange{URL: in.Body.URL, State: in.Body.State})
	return 0, w, err
}

func (d *domain) retireWebhook(ctx context.Context, in *InWebhook) (int, event.Webhook, error) {
	park, id, err := d.managed(ctx, *in)
	if err != nil {
		return 0, event.Webhook{}, err
	}
	retired := event.WebhookRetired
	w, err := d.events.ChangeWebhook(ctx, park, id, event.WebhookChange{State: &retired})
	return 0, w, err
}

func (d *domain) rotateWebhook(ctx context.Context, in *InWebhook) (int, webhookSecret, error) {
	park, id, err := d.managed(ctx, *in)
	if err != nil {
		return 0, webhookSecret{}, err
	}
	secret, err := d.events.RotateWebhook(ctx, park, id)
	return 0, webhookSecret{secret}, err
}

func (d *domain) pingWebhook(ctx context.Context, in *InWebhook) (int, webhook.Tried, error) {
	park, id, err := d.managed(ctx, *in)
	if err != nil {
		return 0, webhook.Tried{}, err
	}
	to, err := d.events.WebhookTarget(ctx, park, id)
	if err != nil {
		return 0, webhook.Tried{}, err
	}
	tried, err := d.sender.Ping(ctx, to)
	return 0, tried, err
}

func (d *domain) listDead(ctx context.Context, in *listingDead) (int, deadLetterList, error) {
	park, id, err := d.managed(ctx, in.InWebhook)
	if err != nil {
		return 0, deadLetterList{}, err
	}
	all, err := d.events.DeadLetters(ctx, park, id, in.After, in.Limit)
	return 0, deadLetterList{all}, err
}

func (d *domain) resendDead(ctx context.Context, in *resending) (int, resent, error) {
	park, id, err := d.managed(ctx, in.InWebhook)
	if err != nil {
		return 0, resent{}, err
	}
	n, err := d.events.Resend(ctx, park, id, in.Body.Seq)
	return 0, resent{n}, err
}
