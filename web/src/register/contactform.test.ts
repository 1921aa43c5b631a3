import { describe, expect, it } from 'vitest';
import { contactFacts, contactFaults, contactForm, livingContacts, type ContactForm } from './contactform';
import { changed } from '../core/draft';
import type { Contact } from './register';

const contact: Contact = {
  id: '01a20864-c6a7-75d4-a02c-be14e51409e1',
  party: '01a20864-c6a7-75d4-a02c-be14e51409e2',
  revision: 1,
  erased_at: null,
  name: '某人',
  phone: '000-0000',
  email: null,
};

function sent(typed: Partial<ContactForm>, of: Contact | null = contact): Partial<ContactForm> {
  const form = { ...contactForm(of), ...typed };
  return contactFacts(form, changed({ base: contactForm(of), typed: form }) as (keyof ContactForm)[]);
}

describe('a contact’s form', () => {
  it('sends what was typed and nothing else, and clears with nothing', () => {
    expect(sent({})).toEqual({});
    expect(sent({ phone: '', email: ' a@example.com ' })).toEqual({ phone: '', email: 'a@example.com' });
    expect(sent({ name: ' 某人 ' }, null)).toEqual({ name: '某人' });
  });

  it.each<[string, Partial<ContactForm>, keyof ContactForm]>([
    ['no name', { name: ' ' }, 'name'],
    ['a telephone in words', { phone: 'by post' }, 'phone'],
    ['an address without its @', { email: 'example.com' }, 'email'],
  ])('finds wrong %s', (_, typed, field) => {
    expect(contactFaults(contactForm(contact))).toEqual({});
    expect(Object.keys(contactFaults({ ...contactForm(contact), ...typed }))).toEqual([field]);
  });

  it('takes a telephone with its country and extension', () => {
    expect(contactFaults({ name: 'A', phone: '+86 (631) 000-0000 #12', email: '' })).toEqual({});
  });
});

describe('contacts', () => {
  it('counts those whose data was erased, and shows none of them', () => {
    const erased = { ...contact, erased_at: '2026-01-01T00:00:00Z', name: null, phone: null };
    expect(livingContacts([contact, erased])).toEqual({ living: [contact], erased: 1 });
  });
});
