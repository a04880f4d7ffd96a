// Until when a conversation is put off: the hour that is typed and the choice say the same.

document.addEventListener("input", ({ target }) => {
  const { form } = target;
  if (target.id === "ato-ate" && target.value) form.querySelector("[name=quando][value='']").checked = true;
  else if (target.name === "quando" && target.type === "radio" && target.value) form.querySelector("#ato-ate").value = "";
});
