import type { Faults } from '../core/fault';
import type { Contact } from './register';

export interface ContactForm {
  name: string;
  phone: string;
  email: string;
}

export const contactForm = (contact: Contact | null): ContactForm => ({
  name: contact?.name ?? '',
  phone: contact?.phone ?? '',
  email: contact?.email ?? '',
});

export function contactFaults({ name, phone, email }: ContactForm): Faults<ContactForm> {
  return {
    ...(!name.trim() && { name: 'web.register.fault.given' }),
    ...(phone.trim() && !/^[\d\s+()*#,;/-]+$/.test(phone.trim()) && { phone: 'web.register.fault.phone' }),
    ...(email.trim() && !/^\S+@\S+$/.test(email.trim()) && { email: 'web.register.fault.email' }),
  };
}

/** The facts of a form that are to be sent: those changed; "" clears one. */
export const contactFacts = (
  form: ContactForm,
  changed: readonly (keyof ContactForm)[],
): Partial<ContactForm> => Object.fromEntries(changed.map((field) => [field, form[field].trim()]));

/** The contacts that still have a person's data, and how many were erased. */
export function livingContacts(all: readonly Contact[]): { living: Contact[]; erased: number } {
  const living = all.filter(({ erased_at: erased }) => !erased);
  return { living, erased: all.length - living.length };
}
