"""What is filled in to upload a roster, to say what its columns mean, and to correct one of its rows."""

from collections.abc import Iterable, Mapping
from datetime import date

from django import forms
from django.core.files.base import File
from django.db.models import QuerySet

from sangyu.kit import clock
from sangyu.members.choosing import offer
from sangyu.members.forms import Day
from sangyu.members.models import Organization
from sangyu.members.roster.columns import LABELS, PASSED_OVER

MEGABYTE = 1024 * 1024
LARGEST = 20 * MEGABYTE  # a province's rosters are below; larger files are pictures
NOT_NEEDED = "none"  # in the address bar and in forms an empty choice would mean: nothing chosen
LONGEST_CELL = 200


class RosterForm(forms.Form):
    """A roster for one of the organizations that the actor may import into."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label="导入到哪个组织",
        empty_label="请选择",
        help_text="花名册里的支部要在它的下面；选的就是支部时，只导入这个支部。",
        error_messages={"invalid_choice": "您不能向这个组织导入，请从列表中选择。"},
    )
    file = forms.FileField(
        label="花名册文件",
        help_text="Excel 工作簿，用单位自己的格式就行：要有姓名，以及身份证号或出生年月。",
        error_messages={"empty": "文件是空的，请重新选择花名册文件。", "required": "请选择花名册文件。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls"}),
    )
    as_of = Day(
        label="花名册截至日期",
        required=False,
        initial=None,
        help_text="不填时，以表格标题里写的日期为准；标题里没有写，就算今天。",
    )

    def __init__(self, *args: object, organizations: QuerySet[Organization], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        # Mostly one's own office: the highest there is.
        self.fields["organization"].initial = organizations.order_by("line__len", "id").first()
        offer(self, "organization", organizations)

    def clean_file(self) -> "File[bytes]":
        file: File[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(f"文件超过{LARGEST // MEGABYTE}兆，太大了。请只留花名册，删去图片后再上传。")
        return file

    def clean_as_of(self) -> date | None:
        as_of: date | None = self.cleaned_data["as_of"]
        if as_of and as_of > clock.today():
            raise forms.ValidationError("花名册截至日期不能晚于今天。")
        return as_of


class ColumnsForm(forms.Form):
    """For each column of a sheet what it is, out of the fields of a roster."""

    def __init__(self, *args: object, columns: Mapping[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.columns = list(columns)
        choices = [(NOT_NEEDED, "不需要"), *LABELS.items()]
        for place, (label, field) in enumerate(columns.items()):
            choice = forms.ChoiceField(label=f"“{label}”这一列是", choices=choices, initial=field or NOT_NEEDED)
            self.fields[f"column_{place}"] = choice

    @property
    def meanings(self) -> dict[str, str]:
        """Name of each column -> field, or '' where it is not needed."""
        said = [self.cleaned_data[f"column_{place}"] for place in range(len(self.columns))]
        return {
            label: PASSED_OVER if field == NOT_NEEDED else field
            for label, field in zip(self.columns, said, strict=True)
        }


class LineForm(forms.Form):
    """The texts of one row, as they stand in its cells; what is wrong with them is the reader's affair."""

    def __init__(self, texts: Mapping[str, str], headers: Mapping[str, str]) -> None:
        super().__init__(texts)
        for name, label in LABELS.items():
            text = forms.CharField(label=headers.get(name, label), required=False, max_length=LONGEST_CELL)
            text.widget.attrs["autocomplete"] = "off"  # numbers of other people are not for the browser to keep
            self.fields[name] = text

    def tell(self, problems: Iterable[tuple[str, str]]) -> None:
        """Put each reason at its field."""
        self.is_valid()
        names = {str(field.label): name for name, field in self.fields.items()} | {v: k for k, v in LABELS.items()}
        for column, reason in problems:
            self.add_error(names.get(column), reason)

    @property
    def faulty(self) -> list[forms.BoundField]:
        return [field for field in self if field.errors]

    @property
    def others(self) -> list[forms.BoundField]:
        return [field for field in self if not field.errors]
