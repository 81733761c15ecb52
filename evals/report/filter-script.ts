// The report's only script: it filters the rows table. Everything can be read without it.

/** Inline script; the content security policy admits it by its hash. */
export const filterScript = `
const box = document.getElementById('row-filter');
const rows = [...document.querySelectorAll('#differing-rows tbody tr')];
const shown = document.getElementById('rows-shown');
if (box && shown) {
  box.closest('.filter').hidden = false;
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const apply = () => {
    const wanted = box.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, index) => {
      row.hidden = !texts[index].includes(wanted);
      count += row.hidden ? 0 : 1;
    });
    shown.textContent = count + ' of ' + rows.length + ' shown';
  };
  box.addEventListener('input', apply);
  apply();
}
`;
