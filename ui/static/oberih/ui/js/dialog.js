// Links with data-oberih-dialog="ID" open that dialog; without this file they lead to a page that asks the same.

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-oberih-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.oberihDialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  // A press on the backdrop reaches the dialog itself, one on its content does not.
  if (event.target instanceof HTMLDialogElement) event.target.close();
});
