import QtQuick

// A choice that is on or off: categories, languages, filters.
Item {
    id: chip
    property string text: ""
    property string icon: ""
    property bool on: false
    property int maximumWidth: 320
    signal clicked

    implicitWidth: Math.min(maximumWidth, row.implicitWidth + 44)
    implicitHeight: Theme.touch
    activeFocusOnTab: true
    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.checked: on
    Accessible.onPressAction: chip.clicked()
    Keys.onReturnPressed: chip.clicked()
    Keys.onSpacePressed: chip.clicked()

    Rectangle {
        anchors.fill: parent
        anchors.topMargin: 6
        anchors.bottomMargin: 6
        radius: height / 2
        color: chip.on ? Theme.leafPale : (area.pressed ? Theme.sunken : Theme.white)
        border.width: chip.activeFocus ? 3 : 2
        border.color: chip.activeFocus ? Theme.leafBright : (chip.on ? Theme.leaf : Theme.line)
    }
    Row {
        id: row
        anchors.centerIn: parent
        spacing: 8
        Icon {
            visible: chip.icon !== ""
            name: chip.icon
            size: 22
            color: chip.on ? Theme.leafDark : Theme.ink
            anchors.verticalCenter: parent.verticalCenter
        }
        Label {
            text: chip.text
            font.weight: Font.DemiBold
            color: chip.on ? Theme.leafDark : Theme.ink
            width: Math.min(implicitWidth, chip.maximumWidth - 44)
            anchors.verticalCenter: parent.verticalCenter
        }
    }
    MouseArea {
        id: area
        anchors.fill: parent
        onClicked: chip.clicked()
    }
}
