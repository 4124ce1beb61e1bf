/** What mail of a kind is for, in the order in which the server names them. */
export const templateNames: Record<string, { label: string; when: string }> = {
  welcome: { label: 'Welcome', when: 'To a contact who came by their own act, once.' },
  confirm_optin: { label: 'Confirm the sign-up', when: 'To a contact who signed up, where sign-ups are confirmed.' },
  confirm_reminder: { label: 'Reminder to confirm', when: 'To a contact who has not confirmed yet.' },
  update_profile: {
    label: 'Update profile',
    when: 'To a contact who is known already, or has unsubscribed, and was entered again.',
  },
  confirm_address: { label: 'Confirm a new address', when: 'To the address that a contact wants to change to.' },
  confirm: { label: 'Address of a user', when: 'To a user, whether mail reaches them.' },
  sender: { label: 'Address to send from', when: 'To an address that mail is to be sent from.' },
  reset: { label: 'New password', when: 'To a user who asked for a new password.' },
  invite: { label: 'Invitation', when: 'To somebody who is to join the account.' },
}

/** The languages that Kith speaks, by their own names. */
export const languages = [
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
  { value: 'it', label: 'Italiano' },
  { value: 'nl', label: 'Nederlands' },
]
