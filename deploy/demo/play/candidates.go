package main

import (
	"context"
	"fmt"
	"net/url"
)

// Honest texts that models may take for attacks. Which of them the model at
// hand does take is found out by asking, so that the act does not depend on one
// model's mistakes. Those for searches and those for cards are different, so
// that what is learned of the one does not touch the other.
var (
	searchTexts = []string{"sleep(8) hours pillow", "select * from the best of 2026", "drop table lamp; or order by price",
		"'or' mug -- limited", "$(basename) mug", "1 or 1=1 t-shirt", "<script> font poster"}
	cardTexts = []string{"union jack' or 'union flag'", "to bobby' drop tables --", "{{you}} + {{me}}",
		"or 1=1 for us; love", "<b>happy</b> birthday onload=party", "; cat and dog | love", "select love from heart where you='me'"}
)

// choose finds the texts to play with: a search that is refused with high
// confidence, which learning may discount, and a card that is refused at all.
func (a *act) choose(ctx context.Context) error {
	for i, text := range searchTexts {
		v, refused, err := a.try(ctx, "/search?q="+url.QueryEscape(text), fmt.Sprintf("demo-search-%d", i))
		if err != nil {
			return err
		}
		if refused && v.Confidence == "high" {
			a.search = text
			break
		}
	}
	for i, text := range cardTexts {
		_, refused, err := a.try(ctx, "/card?text="+url.QueryEscape(text), fmt.Sprintf("demo-card-%d", i))
		if err != nil {
			return err
		}
		if refused {
			a.card = text
			break
		}
	}
	return nil
}

// try sends a request from a network of its own and returns its event.
func (a *act) try(ctx context.Context, target, id string) (v record, refused bool, err error) {
	n, err := a.visit(ctx, target, "203.0.113.9", id)
	if err != nil {
		return v, false, err
	}
	v, ok := a.verdicts.of(ctx, id)
	if !ok {
		return v, false, fmt.Errorf("glacis has logged nothing about request %s", id)
	}
	return v, n > 0, nil
}
