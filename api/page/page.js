// Shows the buttons that copy an address: without scripts they do not show, and the address can be marked by hand.
for (const button of document.querySelectorAll('button.copy')) {
  const field = button.previousElementSibling;
  const said = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand('copy'); // over plain http there is no clipboard to write to
    }
    button.textContent = button.dataset.done;
    setTimeout(() => (button.textContent = said), 2000);
  });
}
